// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import {
  type App,
  CfnOutput,
  Duration,
  aws_dynamodb as dynamodb,
  aws_kms as kms,
  Stack,
  aws_s3 as s3,
  aws_sns as sns,
  aws_sqs as sqs,
  aws_ssm as ssm,
} from 'aws-cdk-lib';
import type { Configuration, Integration } from '../config/configuration.ts';
import { Failure } from '../errors/failure.ts';
import { outputNameWrong } from '../errors/infra.ts';
import { isDefinedModule, type TransformerDefinition } from '../module/define-module.ts';
import type { CoreResources } from '../module/integration-module.ts';
import type { LoadedModule } from '../module/load.ts';
import { pascalCase } from '../module/names.ts';
import { type Assets, architectureOf, codeOf } from './assets.ts';
import { type CoreParameter, coreParameterName, moduleStackName } from './core-parameters.ts';
import { LakeSource } from './lake-source.ts';
import { ModuleAlarms } from './module-alarms.ts';
import { moduleDashboard } from './module-dashboard.ts';
import { TRANSFORMER_TIMEOUT_SECONDS, Transformer } from './transformer.ts';

export interface ModuleStackProps {
  readonly configuration: Configuration;
  readonly integration: Integration;
  readonly loaded: LoadedModule;
  readonly assets: Assets;
}

/** Everything of one module; it can be thrown away and made again without touching another. */
export class ModuleStack extends Stack {
  private readonly configuration: Configuration;

  constructor(app: App, { configuration, integration, loaded, assets }: ModuleStackProps) {
    const { module } = loaded;
    const name = moduleStackName(configuration, module.moduleId);
    super(app, name, {
      stackName: name,
      description: `Slake module ${module.moduleId} ${module.moduleVersion}: ${module.moduleName}`,
      env: { account: configuration.accountId, region: configuration.awsRegion },
      terminationProtection: configuration.terminationProtection,
      tags: { ...configuration.tags },
    });
    this.configuration = configuration;
    const definition: TransformerDefinition = {
      ...(isDefinedModule(module) ? module.transformer(integration.config) : {}),
      ...given(integration.transformer ?? {}),
    };
    const core = this.coreResources(
      loaded,
      integration,
      assets,
      definition.timeoutSeconds ?? TRANSFORMER_TIMEOUT_SECONDS,
    );
    const lakeSources = this.lakeSources(loaded);
    const transformer = new Transformer(this, 'Transformer', {
      moduleId: module.moduleId,
      moduleVersion: module.moduleVersion,
      definition,
      code: codeOf(assets.transformer(loaded)),
      core,
      externalId: configuration.securityLake.externalId,
      lakeSources,
    });
    module.createResources(this, core, integration.config);

    const functions = module.getHealthCheckConfig?.(integration.config).functions ?? [];
    const watched = {
      moduleId: module.moduleId,
      transformerName: transformer.functionName,
      queue: core.eventTransformerQueue,
      deadLetterQueue: core.eventTransformerDeadLetterQueue,
    };
    if (configuration.monitoring.alarms.enabled) {
      new ModuleAlarms(this, 'Alarms', {
        ...watched,
        functions,
        topic: core.alarmTopic,
        enabled: integration.enabled,
        limits: configuration.monitoring.alarms,
      });
    }
    if (configuration.monitoring.dashboard.enabled) {
      moduleDashboard(this, { ...watched, functionNames: functions.map(({ functionName }) => functionName) });
    }
    this.outputs({
      ModuleVersion: { value: module.moduleVersion, description: 'Version of the module' },
      QueueUrl: { value: core.eventTransformerQueue.queueUrl, description: 'Pointers to raw events' },
      DlqUrl: { value: core.eventTransformerDeadLetterQueue.queueUrl, description: 'Pointers that failed' },
      TransformerFunction: { value: transformer.functionName, description: 'Maps raw events to OCSF' },
    });
    for (const [index, { functionName }] of functions.entries()) {
      const suffix = index === 0 ? '' : String(index + 1);
      this.outputs({ [`ProcessorFunction${suffix}`]: { value: functionName, description: 'Collects events' } });
    }
    for (const source of lakeSources) {
      const description = `Where ${source.className} events are written (custom source ${source.sourceName})`;
      this.outputs({ [`LakeLocation${pascalCase(source.className)}`]: { value: source.location, description } });
    }
    this.moduleOutputs(loaded, integration);
  }

  private coreResources(
    { folder }: LoadedModule,
    { enabled }: Integration,
    assets: Assets,
    transformerTimeoutSeconds: number,
  ): CoreResources {
    const { encryption, environment, monitoring, pipeline, projectName } = this.configuration;
    const key =
      encryption === 'CUSTOMER_MANAGED_CMK' ? kms.Key.fromKeyArn(this, 'Key', this.parameter('keyArn')) : undefined;
    const encrypted = key
      ? { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: key, dataKeyReuse: Duration.hours(1) }
      : { encryption: sqs.QueueEncryption.SQS_MANAGED };
    const deadLetterQueue = new sqs.Queue(this, 'DeadLetterQueue', {
      ...encrypted,
      enforceSSL: true,
      retentionPeriod: Duration.days(pipeline.deadLetterRetentionDays),
    });
    const queue = new sqs.Queue(this, 'Queue', {
      ...encrypted,
      enforceSSL: true,
      // Lambda's advice: six times the function's timeout.
      visibilityTimeout: Duration.seconds(6 * transformerTimeoutSeconds),
      // A dead letter keeps the age it had here, so the queue must forget long before the dead letter queue does.
      retentionPeriod: Duration.days(pipeline.queueRetentionDays),
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: pipeline.maximumReceives },
    });
    // Made when asked for: a parameter that nothing uses is a fault of the template.
    const scope = this;
    let table: dynamodb.ITable | undefined;
    let topic: sns.ITopic | undefined;
    return {
      eventTransformerQueue: queue,
      eventTransformerDeadLetterQueue: deadLetterQueue,
      sharedKmsKey: key,
      rawBucket: s3.Bucket.fromBucketName(this, 'RawBucket', this.parameter('rawBucketName')),
      get checkpointTable() {
        table ??= dynamodb.Table.fromTableName(scope, 'Checkpoints', scope.parameter('checkpointTableName'));
        return table;
      },
      get alarmTopic() {
        topic ??= sns.Topic.fromTopicArn(scope, 'AlarmTopic', scope.parameter('alarmTopicArn'));
        return topic;
      },
      projectConfig: {
        projectName,
        environment,
        logLevel: pipeline.logLevel,
        logRetentionDays: monitoring.logRetentionDays,
        architecture: architectureOf(assets.architecture),
      },
      enabled,
      bundle: (source) => ({
        code: codeOf(assets.processor({ ...source, folder: join(folder, source.folder) })),
        // A script is bundled into index.mjs, whatever its file was called.
        handler: source.runtime === 'python' ? source.handler : source.handler.replace(/^[^.]+/, 'index'),
      }),
    };
  }

  private lakeSources({ module, classes }: LoadedModule): LakeSource[] {
    const sources = classes.map(
      (className) =>
        new LakeSource(this, `LakeSource${pascalCase(className)}`, {
          moduleId: module.moduleId,
          className,
          externalId: this.configuration.securityLake.externalId,
          crawlerRoleArn: this.parameter('crawlerRoleArn'),
          serviceToken: this.parameter('lakeSourceProviderArn'),
        }),
    );
    // Security Lake answers concurrent registrations with a conflict.
    for (const [index, source] of sources.entries()) {
      const earlier = sources[index - 1];
      if (earlier) source.node.addDependency(earlier);
    }
    return sources;
  }

  /** A value of the core stack, read by CloudFormation when this stack is deployed. */
  private parameter(parameter: CoreParameter): string {
    return ssm.StringParameter.valueForStringParameter(this, coreParameterName(this.configuration, parameter));
  }

  private outputs(outputs: Readonly<Record<string, { readonly value: string; readonly description: string }>>): void {
    for (const [name, output] of Object.entries(outputs)) new CfnOutput(this, name, output);
  }

  private moduleOutputs({ module }: LoadedModule, integration: Integration): void {
    const outputs = module.getModuleOutputs?.(integration.config) ?? {};
    for (const name of Object.keys(outputs)) {
      const usable = /^[A-Za-z][A-Za-z0-9]*$/.test(name) && !this.node.tryFindChild(name);
      if (!usable) throw new Failure(outputNameWrong, { id: module.moduleId, name });
    }
    this.outputs(outputs);
  }
}

/** Without keys that hold nothing, so that they replace nothing. */
function given<T extends object>(values: T): { readonly [Key in keyof T]?: NonNullable<T[Key]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { readonly [Key in keyof T]?: NonNullable<T[Key]> };
}
