// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Aws, aws_events as events, aws_iam as iam, aws_events_targets as targets } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type Acknowledgement, acknowledge } from './acknowledge.ts';
import { PipelineFunction, useKey } from './function.ts';
import type { CoreResources, FunctionSource } from './integration-module.ts';

/** One collector of a module: a function that runs on a schedule and brings events into the raw bucket. */
export interface ProcessorDefinition extends FunctionSource {
  /** Names the source where a module has several; the first processor is `<module>-processor` whatever this says. */
  readonly source?: string;
  /** EventBridge expression: `rate(5 minutes)` or `cron(...)`, in UTC. */
  readonly schedule: string;
  /** 1 to 900; default 300. */
  readonly timeoutSeconds?: number;
  /** 128 to 10240; default 512. */
  readonly memoryMb?: number;
  /** Name of the secret it reads; its value arrives as SLAKE_SECRET_ID, never in the template. */
  readonly secretName?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes this many executions out of the account's pool; unset leaves concurrency to the owner level of checkpoints. */
  readonly reservedConcurrency?: number;
}

export interface ProcessorProps {
  readonly moduleId: string;
  readonly moduleVersion: string;
  readonly functionName: string;
  readonly definition: ProcessorDefinition;
  readonly core: CoreResources;
  /** What the module needs beyond the grants every processor has. */
  readonly permissions: readonly iam.PolicyStatement[];
  /** What a check would object to in them, and why it stays. */
  readonly acknowledged?: readonly Acknowledgement[];
}

/** The resources of a processor: function, role, log group and schedule. */
export class Processor extends Construct {
  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { core, definition, moduleId } = props;
    const { secretName } = definition;
    const { function: handler, role } = new PipelineFunction(this, 'Collector', {
      functionName: props.functionName,
      description: `Collects events for the module ${moduleId}`,
      ...core.bundle(definition),
      runtime: definition.runtime,
      memoryMb: definition.memoryMb ?? 512,
      timeoutSeconds: definition.timeoutSeconds ?? 300,
      reservedConcurrency: definition.reservedConcurrency,
      key: core.sharedKmsKey,
      project: core.projectConfig,
      environment: {
        ...definition.environment,
        SLAKE_MODULE_ID: moduleId,
        SLAKE_MODULE_VERSION: props.moduleVersion,
        SLAKE_RAW_BUCKET: core.rawBucket.bucketName,
        SLAKE_QUEUE_URL: core.eventTransformerQueue.queueUrl,
        SLAKE_CHECKPOINT_TABLE: core.checkpointTable.tableName,
        ...(secretName ? { SLAKE_SECRET_ID: secretName } : {}),
      },
      statements: [
        ...collect(moduleId, core),
        ...(secretName ? [readSecret(secretName)] : []),
        ...useKey(core.sharedKmsKey, ['dynamodb', 's3', 'secretsmanager', 'sqs']),
        ...props.permissions,
      ],
    });
    acknowledge(role, ...(props.acknowledged ?? []));
    // A failed run is not repeated at once: the next one starts from the same checkpoint.
    handler.configureAsyncInvoke({ retryAttempts: 0 });
    new events.Rule(this, 'Schedule', {
      description: `Runs ${props.functionName}`,
      schedule: events.Schedule.expression(definition.schedule),
      enabled: core.enabled,
      targets: [new targets.LambdaFunction(handler, { retryAttempts: 0 })],
    });
  }
}

/** What every processor may do, on what belongs to its module. */
function collect(moduleId: string, core: CoreResources): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'WriteOwnRawObjects',
      actions: ['s3:PutObject'],
      resources: [core.rawBucket.arnForObjects(`raw/${moduleId}/*`)],
    }),
    new iam.PolicyStatement({
      sid: 'SendToOwnQueue',
      actions: ['sqs:SendMessage'],
      resources: [core.eventTransformerQueue.queueArn],
    }),
    new iam.PolicyStatement({
      sid: 'KeepOwnCheckpoints',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [core.checkpointTable.tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${moduleId}#*`] },
        // ForAllValues is true for a request without the key.
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    }),
  ];
}

/** Secrets Manager ends the ARN of a secret with a dash and six characters of its own. */
function readSecret(secretName: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'ReadOwnSecret',
    actions: ['secretsmanager:GetSecretValue'],
    resources: [`arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${secretName}-??????`],
  });
}
