// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { isRecord, type NamedPolicy, type Policies, policyDocument } from '../../access/index.ts';
import { clientSettings } from '../embedded-aws/index.ts';
import type { Lookups } from './call.ts';

/** How a resource is encrypted that calls use a key of the account for. */
export interface Encryption {
  readonly keyArn: string;
  /** S3 Bucket Keys: the key is used for the bucket and not for each object. */
  readonly bucketKey?: boolean;
}

export type RolePolicies = Pick<Policies, 'identity' | 'boundary'>;

/** The policies and keys of an account, read from it as they stand. */
export interface Account extends Lookups {
  role(roleArn: string): Promise<RolePolicies>;
  /** The policy of the resource a call is about. */
  resourcePolicy(action: string, resource: string): Promise<Policies['resource']>;
  encryption(service: string, resource: string): Promise<Encryption | undefined>;
  /** A call of a JSON service, by its target; an empty object where it fails. */
  ask(service: string, target: string, input: object): Promise<Readonly<Record<string, unknown>>>;
  /** Reads everything again from now on. */
  refresh(): void;
}

export interface AccountOptions {
  /** The embedded AWS itself, behind the guard. */
  readonly endpoint: string;
  readonly accountId: string;
  readonly region: string;
  /** Keys of buckets and tables, which the embedded AWS does not keep of a template. */
  readonly encryption: (resource: string) => Encryption | undefined;
}

export function accountOf({ endpoint, accountId, region, encryption }: AccountOptions): Account {
  const client = clientSettings({ endpoint, accountId, region });
  const iam = new IAMClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const known = new Map<string, Promise<unknown>>();

  function once<T>(name: string, read: () => Promise<T>): Promise<T> {
    const found = known.get(name) as Promise<T> | undefined;
    if (found) return found;
    const reading = read();
    known.set(name, reading);
    // What failed is tried again: during a deployment a resource may not be there yet.
    reading.catch(() => known.delete(name));
    return reading;
  }

  async function ask(service: string, target: string, input: object) {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': target,
        authorization: `AWS4-HMAC-SHA256 Credential=${accountId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(input),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    return response.ok && isRecord(answer) ? answer : {};
  }

  async function role(roleArn: string): Promise<RolePolicies> {
    const RoleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const identity: NamedPolicy[] = [];
    for await (const page of paginateListRolePolicies({ client: iam }, { RoleName })) {
      for (const PolicyName of page.PolicyNames ?? []) {
        const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        identity.push(policyOf(PolicyName, decodeURIComponent(PolicyDocument ?? '')));
      }
    }
    for await (const page of paginateListAttachedRolePolicies({ client: iam }, { RoleName })) {
      for (const { PolicyArn } of page.AttachedPolicies ?? []) {
        if (PolicyArn) identity.push(await managed(PolicyArn));
      }
    }
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
    return { identity, ...(boundary ? { boundary: await managed(boundary) } : {}) };
  }

  async function managed(PolicyArn: string): Promise<NamedPolicy> {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId ?? 'v1';
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return policyOf(PolicyArn, decodeURIComponent(PolicyVersion?.Document ?? ''));
  }

  async function resourcePolicy(action: string, resource: string): Promise<Policies['resource']> {
    if (action === 'sts:AssumeRole') {
      const RoleName = resource.slice(resource.lastIndexOf('/') + 1);
      const { Role } = await iam.send(new GetRoleCommand({ RoleName })).catch(() => ({ Role: undefined }));
      const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '{}');
      return { ...policyOf(`the trust policy of ${RoleName}`, trust), isRequired: true };
    }
    const [service] = action.split(':');
    if (service === 'kms') {
      const { Policy } = await ask('kms', 'TrentService.GetKeyPolicy', { KeyId: resource, PolicyName: 'default' });
      return { ...policyOf('the key policy', String(Policy ?? '{}')), isRequired: true };
    }
    const text = await plainPolicy(service ?? '', resource);
    return text === undefined ? undefined : { ...policyOf(`the policy of ${resource}`, text), isRequired: false };
  }

  async function plainPolicy(service: string, resource: string): Promise<string | undefined> {
    const name = resource.slice(resource.lastIndexOf(':') + 1);
    if (service === 's3') {
      const Bucket = name.split('/')[0] ?? '';
      const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket })).catch(() => ({ Policy: undefined }));
      return Policy;
    }
    if (service === 'sqs') return (await queueAttributes(name)).Policy;
    if (service === 'secretsmanager') {
      const target = 'secretsmanager.GetResourcePolicy';
      const { ResourcePolicy } = await ask('secretsmanager', target, { SecretId: resource });
      return typeof ResourcePolicy === 'string' ? ResourcePolicy : undefined;
    }
    return undefined;
  }

  async function queueAttributes(name: string): Promise<Readonly<Record<string, string>>> {
    const input = { QueueUrl: `${endpoint}/${accountId}/${name}`, AttributeNames: ['All'] };
    const { Attributes } = await ask('sqs', 'AmazonSQS.GetQueueAttributes', input);
    return isRecord(Attributes) ? (Attributes as Readonly<Record<string, string>>) : {};
  }

  async function keyArn(keyId: string): Promise<string | undefined> {
    const { KeyMetadata } = await ask('kms', 'TrentService.DescribeKey', { KeyId: keyId });
    return isRecord(KeyMetadata) && typeof KeyMetadata.Arn === 'string' ? KeyMetadata.Arn : undefined;
  }

  async function encryptionOf(service: string, resource: string): Promise<Encryption | undefined> {
    const name = resource.slice(resource.lastIndexOf(':') + 1);
    if (service === 's3') return encryption(`arn:aws:s3:::${name.split('/')[0]}`);
    if (service === 'dynamodb') return encryption(resource.replace(/\/index\/.*$/, ''));
    let keyId: unknown;
    if (service === 'sqs') keyId = (await queueAttributes(name)).KmsMasterKeyId;
    if (service === 'secretsmanager') {
      keyId = (await ask('secretsmanager', 'secretsmanager.DescribeSecret', { SecretId: resource })).KmsKeyId;
    }
    // Keys that AWS owns or manages are used in nobody's name.
    if (typeof keyId !== 'string' || keyId === '' || keyId.includes('alias/aws/')) return undefined;
    const arn = await keyArn(keyId);
    return arn === undefined ? undefined : { keyArn: arn };
  }

  return {
    accountId,
    region,
    ask,
    role: (roleArn) => once(`role ${roleArn}`, () => role(roleArn)),
    resourcePolicy: (action, resource) =>
      once(
        `policy of ${action.startsWith('s3:') ? resource.split('/')[0] : `${action.split(':')[0]} ${resource}`}`,
        () => resourcePolicy(action, resource),
      ),
    encryption: (service, resource) => once(`key ${service} ${resource}`, () => encryptionOf(service, resource)),
    keyArn: (keyId) => once(`key id ${keyId}`, () => keyArn(keyId)),
    secretArn: (secretId) =>
      once(`secret ${secretId}`, async () => {
        const { ARN } = await ask('secretsmanager', 'secretsmanager.DescribeSecret', { SecretId: secretId });
        return typeof ARN === 'string' ? ARN : undefined;
      }),
    partitionKey: (table) =>
      once(`table ${table}`, async () => {
        const { Table } = await ask('dynamodb', 'DynamoDB_20120810.DescribeTable', { TableName: table });
        const schema = isRecord(Table) && Array.isArray(Table.KeySchema) ? Table.KeySchema.filter(isRecord) : [];
        const name = schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
        return typeof name === 'string' ? name : undefined;
      }),
    refresh: () => known.clear(),
  };
}

function policyOf(name: string, text: string): NamedPolicy {
  return { name, document: policyDocument(JSON.parse(text || '{}')) };
}
