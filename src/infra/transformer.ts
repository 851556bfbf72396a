// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { aws_iam as iam, type aws_lambda as lambda, Stack, aws_lambda_event_sources as sources } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { TransformerDefinition } from '../module/define-module.ts';
import { PipelineFunction, useKey } from '../module/function.ts';
import type { CoreResources } from '../module/integration-module.ts';
import { transformerFunctionName } from '../module/names.ts';
import type { LakeSource } from './lake-source.ts';

export const TRANSFORMER_TIMEOUT_SECONDS = 300;

export interface TransformerProps {
  readonly moduleId: string;
  readonly moduleVersion: string;
  readonly definition: TransformerDefinition;
  readonly code: lambda.Code;
  readonly core: CoreResources;
  readonly externalId: string;
  readonly lakeSources: readonly LakeSource[];
}

/** The function that takes pointers from the module's queue and writes their events into the lake. */
export class Transformer extends Construct {
  readonly functionName: string;

  constructor(scope: Construct, id: string, props: TransformerProps) {
    super(scope, id);
    const { core, definition, lakeSources, moduleId } = props;
    this.functionName = transformerFunctionName(moduleId);
    const { function: handler } = new PipelineFunction(this, 'Mapper', {
      functionName: this.functionName,
      description: `Maps events of the module ${moduleId} to OCSF and writes them into Security Lake`,
      code: props.code,
      handler: 'index.handler',
      runtime: 'typescript',
      memoryMb: definition.memoryMb ?? 1769,
      timeoutSeconds: definition.timeoutSeconds ?? TRANSFORMER_TIMEOUT_SECONDS,
      key: core.sharedKmsKey,
      project: core.projectConfig,
      environment: {
        SLAKE_MODULE_ID: moduleId,
        SLAKE_MODULE_VERSION: props.moduleVersion,
        SLAKE_RAW_BUCKET: core.rawBucket.bucketName,
        SLAKE_EXTERNAL_ID: props.externalId,
        SLAKE_LAKE_SOURCES: Stack.of(this).toJsonString(
          lakeSources.map((source) => ({
            class: source.className,
            name: source.sourceName,
            location: source.location,
            roleArn: source.providerRoleArn,
          })),
        ),
      },
      statements: [
        ...transform(moduleId, core),
        new iam.PolicyStatement({
          sid: 'WriteOwnLakeSources',
          actions: ['sts:AssumeRole'],
          resources: lakeSources.map((source) => source.providerRoleArn),
        }),
        ...useKey(core.sharedKmsKey, ['s3', 'sqs']),
      ],
    });
    handler.addEventSource(
      new sources.SqsEventSource(core.eventTransformerQueue, {
        // A pointer is up to 64 MB of events: one at a time keeps memory and retries to that object.
        batchSize: 1,
        reportBatchItemFailures: true,
        maxConcurrency: definition.maximumConcurrency ?? 5,
        enabled: core.enabled,
      }),
    );
  }
}

function transform(moduleId: string, core: CoreResources): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'TakeFromOwnQueue',
      actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      resources: [core.eventTransformerQueue.queueArn],
    }),
    new iam.PolicyStatement({
      sid: 'ReadOwnRawObjects',
      actions: ['s3:GetObject'],
      resources: [core.rawBucket.arnForObjects(`raw/${moduleId}/*`)],
    }),
    new iam.PolicyStatement({
      sid: 'WriteOwnRejectedEvents',
      actions: ['s3:PutObject'],
      resources: [core.rawBucket.arnForObjects(`rejected/${moduleId}/*`)],
    }),
  ];
}
