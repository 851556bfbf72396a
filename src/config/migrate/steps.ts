// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { KeyPath } from '../problem.ts';

/** What becomes of the values at or below a key of the old format; the longest `from` that fits counts. */
export interface Step {
  /** Keys joined by dots. */
  readonly from: string;
  /** Where the value goes; several places where the old format meant several. */
  readonly to?: readonly KeyPath[];
  /** The value in the new format; undefined where there is nothing to carry over. */
  readonly convert?: (value: unknown) => unknown;
  /** Why it is not carried over, or what has changed. */
  readonly why?: string;
}

const EVENT_HUB = ['integrations', 'azure', 'config', 'eventHub'] as const;
const DERIVED = 'names are derived from the module';
const OWN_QUEUE = 'each module has a queue, a dead letter queue and a transformer of its own, sized for each other';
const NO_SECURITY_HUB = 'findings go to Security Lake only';
const NO_EVENT_STORE = 'events go to Security Lake only';
const SECRETS = 'secrets are made outside of the configuration, so that no value is ever in a template';

const processor = (from: string): Step[] => [
  { from, why: 'is settled by the module' },
  { from: `${from}.enabled`, to: [['integrations', 'azure', 'enabled']] },
  { from: `${from}.schedule`, to: [[...EVENT_HUB, 'schedule']] },
  { from: `${from}.azureCredentialsSecretName`, to: [[...EVENT_HUB, 'credentialsSecretName']] },
  { from: `${from}.memorySize`, to: [[...EVENT_HUB, 'memoryMb']] },
  { from: `${from}.timeout`, to: [[...EVENT_HUB, 'timeoutSeconds']] },
  { from: `${from}.functionName`, why: DERIVED },
  { from: `${from}.reservedConcurrentExecutions`, why: 'of two runs at once the later one takes the partitions' },
];

/** Every key of the old format, modular and before it. */
export const steps: readonly Step[] = [
  { from: 'projectName', to: [['projectName']] },
  { from: 'environment', to: [['environment']] },
  { from: 'awsRegion', to: [['awsRegion']] },
  { from: 'accountId', to: [['accountId']], convert: (value) => (value === '' ? undefined : String(value)) },
  { from: 'terminationProtection', to: [['terminationProtection']] },
  { from: 'tagSource', to: [['tags', 'Source']], convert: String },
  { from: 'tagProduct', to: [['tags', 'Product']], convert: String },
  { from: 'tagKitVersion', to: [['tags', 'KitVersion']], convert: String },
  { from: 'encryption', why: 'the core stack makes the key, with its alias, and rotates it' },
  { from: 'encryption.keyType', to: [['encryption']] },
  {
    from: 'encryption.enabled',
    to: [['encryption']],
    convert: (value) => (value === false ? 'AWS_OWNED_CMK' : undefined),
  },
  { from: 'securityLake', why: 'lake sources follow from the mappings of the modules, one per OCSF class' },
  { from: 'securityLake.enabled', why: 'events always go to Security Lake' },
  { from: 'securityLake.s3Bucket', to: [['securityLake', 's3Bucket']] },
  { from: 'securityLake.externalId', to: [['securityLake', 'externalId']] },
  {
    from: 'securityLake.serviceRole',
    why: 'the core stack makes the role of the crawler; securityLake.crawlerRoleArn names another',
  },
  { from: 'coreProcessing', why: OWN_QUEUE },
  {
    from: 'coreProcessing.eventTransformer.environment.LOGGING_LEVEL',
    to: [['pipeline', 'logLevel']],
    convert: (value) => (value === 'WARNING' ? 'WARN' : value),
  },
  { from: 'coreProcessing.eventTransformer.lambdaLayerArn', why: 'the transformer needs no layer' },
  { from: 'coreProcessing.eventTransformer.eventDataStoreEnabled', why: NO_EVENT_STORE },
  { from: 'coreProcessing.securityHubProcessor', why: NO_SECURITY_HUB },
  { from: 'coreProcessing.flowLogProcessor', why: 'flow logs in blobs are not read' },
  { from: 'sqsQueue', why: OWN_QUEUE },
  { from: 'cloudTrailEventDataStore', why: NO_EVENT_STORE },
  { from: 'securityHub', why: NO_SECURITY_HUB },
  { from: 'monitoring', why: 'each module has its alarms, with thresholds that fit what they watch' },
  { from: 'monitoring.enabled', to: [['monitoring', 'dashboard', 'enabled']] },
  { from: 'monitoring.cloudWatchLogs.retentionDays', to: [['monitoring', 'logRetentionDays']] },
  { from: 'monitoring.alarms.enabled', to: [['monitoring', 'alarms', 'enabled']] },
  { from: 'monitoring.alarms.emailEndpoints', to: [['monitoring', 'alarms', 'emails']] },
  { from: 'integrations.azure.enabled', to: [['integrations', 'azure', 'enabled']] },
  { from: 'integrations.azure.modulePath', why: 'modules are found by their folder' },
  ...processor('integrations.azure.config.eventHubProcessor'),
  { from: 'integrations.azure.config.flowLogProcessor', why: 'flow logs in blobs are not read' },
  { from: 'integrations.azure.config.secretsManager', why: SECRETS },
  {
    from: 'integrations.azure.config.checkpointStore',
    why: 'checkpoints stand in the table of the core stack and never expire',
  },
  { from: 'integrations.google-scc', why: 'there is no module google-scc' },
  { from: 'azureIntegration.enabled', to: [['integrations', 'azure', 'enabled']] },
  { from: 'azureIntegration', why: SECRETS },
  { from: 'azureIntegration.secretsManager.secretName', to: [[...EVENT_HUB, 'credentialsSecretName']] },
  ...processor('lambdaFunctions.eventHubProcessor'),
  { from: 'lambdaFunctions', why: OWN_QUEUE },
  {
    from: 'development.encryptionKeyType',
    to: [
      ['environments', 'dev', 'encryption'],
      ['environments', 'staging', 'encryption'],
    ],
    why: 'the old format laid it over staging too; remove it there where that was not meant',
  },
  { from: 'production.encryptionKeyType', to: [['environments', 'prod', 'encryption']] },
  { from: 'production', why: 'had no effect' },
  { from: 'development', why: 'had no effect' },
];
