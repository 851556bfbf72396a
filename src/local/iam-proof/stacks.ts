// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import {
  type EventSourceMappingConfiguration,
  type FunctionConfiguration,
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import { isRecord } from '../../access/index.ts';
import type { Templates } from '../../release/deploy.ts';
import { type AwsIdentity, clientSettings } from '../embedded-aws/index.ts';
import type { Encryption } from './account.ts';

type Template = Readonly<Record<string, unknown>>;

/** Questions to the deployed stacks. */
export interface Stacks {
  functions(): Promise<FunctionConfiguration[]>;
  mappings(): Promise<EventSourceMappingConfiguration[]>;
  /** Keys of the buckets and tables, by ARN. */
  encryption(templates: Templates): Promise<Map<string, Encryption>>;
  /** ARNs of the roles. */
  roles(templates: Templates): Promise<string[]>;
  remove(stack: string): Promise<void>;
}

export function stacksOf(identity: AwsIdentity): Stacks {
  const { accountId, region } = identity;
  const client = clientSettings(identity);
  const cloudFormation = new CloudFormationClient(client);
  const lambda = new LambdaClient(client);

  async function names(stack: string): Promise<ReadonlyMap<string, string>> {
    const { StackResources } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: stack }));
    return new Map(
      (StackResources ?? []).map(({ LogicalResourceId, PhysicalResourceId }) => [
        LogicalResourceId ?? '',
        PhysicalResourceId ?? '',
      ]),
    );
  }

  return {
    async functions() {
      const found: FunctionConfiguration[] = [];
      for await (const page of paginateListFunctions({ client: lambda }, {})) found.push(...(page.Functions ?? []));
      return found;
    },
    async mappings() {
      const found: EventSourceMappingConfiguration[] = [];
      for await (const page of paginateListEventSourceMappings({ client: lambda }, {})) {
        found.push(...(page.EventSourceMappings ?? []));
      }
      return found;
    },
    async encryption(templates) {
      const found = new Map<string, Encryption>();
      for (const [stack, template] of Object.entries(templates)) {
        const physical = await names(stack);
        for (const { id, type, properties } of resourcesOf(template)) {
          const name = physical.get(id) ?? '';
          const key = physical.get(keyOf(type, properties) ?? '');
          if (name === '' || key === undefined) continue;
          const keyArn = key.startsWith('arn:') ? key : `arn:aws:kms:${region}:${accountId}:key/${key}`;
          if (type === 'AWS::DynamoDB::Table') {
            found.set(`arn:aws:dynamodb:${region}:${accountId}:table/${name}`, { keyArn });
          } else found.set(`arn:aws:s3:::${name}`, { keyArn, bucketKey: hasBucketKey(properties) });
        }
      }
      return found;
    },
    async roles(templates) {
      const found: string[] = [];
      for (const [stack, template] of Object.entries(templates)) {
        const physical = await names(stack);
        for (const { id, type } of resourcesOf(template)) {
          const name = type === 'AWS::IAM::Role' ? physical.get(id) : undefined;
          if (name) found.push(`arn:aws:iam::${accountId}:role/${name}`);
        }
      }
      return found;
    },
    async remove(stack) {
      await cloudFormation.send(new DeleteStackCommand({ StackName: stack }));
      await waitUntilStackDeleteComplete(
        { client: cloudFormation, minDelay: 1, maxDelay: 2, maxWaitTime: 120 },
        { StackName: stack },
      );
    },
  };
}

interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export function resourcesOf(template: unknown): Resource[] {
  if (!isRecord(template) || !isRecord(template.Resources)) return [];
  return Object.entries(template.Resources).flatMap(([id, resource]) => {
    if (!isRecord(resource)) return [];
    const { Type: type, Properties: properties } = resource;
    return [{ id, type: typeof type === 'string' ? type : '', properties: isRecord(properties) ? properties : {} }];
  });
}

/**
 * A template whose functions see further environment variables, and URLs of queues that start with an endpoint of their
 * own: some SDKs call a queue where its URL says.
 */
export async function withEnvironment(
  template: unknown,
  of: () => Promise<{ readonly endpoint: string; readonly variables: Readonly<Record<string, string>> }>,
): Promise<unknown> {
  if (!isRecord(template) || !isRecord(template.Resources)) return template;
  const changed: Record<string, unknown> = { ...template.Resources };
  const resources = resourcesOf(template);
  const queues = new Set(resources.flatMap(({ id, type }) => (type === 'AWS::SQS::Queue' ? [id] : [])));
  for (const { id, type, properties } of resources) {
    if (type !== 'AWS::Lambda::Function') continue;
    const { endpoint, variables } = await of();
    const given = isRecord(properties.Environment) ? properties.Environment.Variables : undefined;
    const own = Object.entries(isRecord(given) ? given : {}).map(([name, value]) => {
      const queue = isRecord(value) && typeof value.Ref === 'string' && queues.has(value.Ref) ? value.Ref : undefined;
      return [name, queue === undefined ? value : queueUrl(endpoint, queue)];
    });
    const Variables = { ...Object.fromEntries(own), ...variables };
    changed[id] = { ...(changed[id] as Template), Properties: { ...properties, Environment: { Variables } } };
  }
  return { ...template, Resources: changed };
}

function queueUrl(endpoint: string, queue: string): object {
  return {
    'Fn::Join': ['/', [endpoint, { Ref: 'AWS::AccountId' }, { 'Fn::GetAtt': [queue, 'QueueName'] }]],
  };
}

/** Logical id of the key that encrypts a bucket or a table. */
function keyOf(type: string, properties: Readonly<Record<string, unknown>>): string | undefined {
  if (type === 'AWS::DynamoDB::Table') {
    const { SSESpecification: specification } = properties;
    return isRecord(specification) ? named(specification.KMSMasterKeyId) : undefined;
  }
  if (type !== 'AWS::S3::Bucket') return undefined;
  const byDefault = bucketRule(properties)?.ServerSideEncryptionByDefault;
  return isRecord(byDefault) ? named(byDefault.KMSMasterKeyID) : undefined;
}

function hasBucketKey(properties: Readonly<Record<string, unknown>>): boolean {
  return bucketRule(properties)?.BucketKeyEnabled === true;
}

function bucketRule({ BucketEncryption: encryption }: Readonly<Record<string, unknown>>) {
  const rules = isRecord(encryption) ? encryption.ServerSideEncryptionConfiguration : undefined;
  return Array.isArray(rules) ? rules.find(isRecord) : undefined;
}

/** The resource a `Ref` or `Fn::GetAtt` means. */
function named(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const { Ref: reference, 'Fn::GetAtt': attribute } = value;
  const id = Array.isArray(attribute) ? attribute[0] : reference;
  return typeof id === 'string' ? id : undefined;
}
