// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { logRetentionDays } from '../configuration.ts';
import type { KeyPath } from '../problem.ts';
import { type Converted, type Step, secondsIn, unlessPlaceholder, within } from './step.ts';

const AZURE = ['integrations', 'azure'] as const;
const EVENT_HUB = [...AZURE, 'config', 'eventHub'] as const;
const ALARMS = ['monitoring', 'alarms'] as const;

const DERIVED = 'names are derived from project, environment and module';
const OWN_TRANSFORMER = 'each module has a transformer of its own, with memory, time and code that fit each other';
const OWN_QUEUE = 'each module has a queue and a dead letter queue of its own, which follow from its transformer';
const NO_SECURITY_HUB = 'events go to Security Lake only, findings to no Security Hub';
const NO_EVENT_STORE = 'events go to Security Lake only, not to CloudTrail Lake';
const NO_FLOW_LOGS = 'flow logs in blobs are not read';
const SECRETS = 'secrets are made outside of the configuration, so that no value is ever in a template';
const CHECKPOINTS = 'checkpoints stand in the table of the core stack, encrypted like all else, and never expire';
const ONE_KEY = 'one key encrypts everything';
const OWN_ALARM = 'the alarm is made with all others, with periods that fit what it watches';

/** The former format called it by its own name in the functions' environment. */
function logLevel(value: unknown): Converted {
  if (value === 'WARNING') return { value: 'WARN' };
  if (value === 'CRITICAL') return { value: 'ERROR', why: 'there is nothing above ERROR' };
  return { value };
}

/** CloudWatch knows certain numbers of days alone. */
function retention(value: unknown): Converted {
  if (typeof value !== 'number') return { why: 'is no number' };
  const kept = logRetentionDays.find((days) => days >= value) ?? logRetentionDays.at(-1);
  return kept === value ? { value } : { value: kept, why: `was ${value}; CloudWatch keeps logs ${kept} days` };
}

function processor(from: string): Step[] {
  return [
    { from, why: 'is settled by the module' },
    { from: `${from}.enabled`, to: [[...AZURE, 'enabled']] },
    { from: `${from}.schedule`, to: [[...EVENT_HUB, 'schedule']] },
    { from: `${from}.azureCredentialsSecretName`, to: [[...EVENT_HUB, 'credentialsSecretName']] },
    { from: `${from}.memorySize`, to: [[...EVENT_HUB, 'memoryMb']], convert: within(256, 10_240) },
    { from: `${from}.timeout`, to: [[...EVENT_HUB, 'timeoutSeconds']], convert: within(30, 900) },
    { from: `${from}.functionName`, why: DERIVED },
    { from: `${from}.reservedConcurrentExecutions`, why: 'of two runs at once the later one takes the partitions' },
    { from: `${from}.environment`, why: 'pipeline.logLevel is that of all functions' },
  ];
}

const encryption: readonly Step[] = [
  { from: 'encryption.keyType', to: [['encryption']] },
  {
    from: 'encryption.enabled',
    to: [['encryption']],
    convert: (value) => (value === false ? { value: 'AWS_OWNED_CMK' } : { why: 'everything is encrypted' }),
  },
  { from: 'encryption.keyAlias', why: DERIVED },
  { from: 'encryption.keyRotationEnabled', why: 'the key always rotates, after kms.rotationDays' },
  { from: 'encryption.keyPendingWindowInDays', to: [['kms', 'pendingWindowDays']], convert: within(7, 30) },
];

const lake: readonly Step[] = [
  { from: 'securityLake.enabled', why: 'events always go to Security Lake' },
  {
    from: 'securityLake.OCSFEventClass',
    why: 'lake sources follow from the mappings of the modules, one per OCSF class',
  },
  { from: 'securityLake.s3Bucket', to: [['securityLake', 's3Bucket']], convert: unlessPlaceholder },
  { from: 'securityLake.externalId', to: [['securityLake', 'externalId']], convert: unlessPlaceholder },
  {
    from: 'securityLake.serviceRole',
    why: 'the core stack makes the role of the crawler; securityLake.crawlerRoleArn names another',
  },
];

const pipeline: readonly Step[] = [
  { from: 'coreProcessing.eventTransformer', why: OWN_TRANSFORMER },
  {
    from: 'coreProcessing.eventTransformer.environment.LOGGING_LEVEL',
    to: [['pipeline', 'logLevel']],
    convert: logLevel,
  },
  {
    from: 'coreProcessing.eventTransformer.reservedConcurrentExecutions',
    to: [[...AZURE, 'transformer', 'maximumConcurrency']],
    convert: within(2, 1000),
  },
  { from: 'coreProcessing.eventTransformer.lambdaLayerArn', why: 'the transformer needs no layer' },
  { from: 'coreProcessing.eventTransformer.eventDataStoreEnabled', why: NO_EVENT_STORE },
  { from: 'coreProcessing.securityHubProcessor', why: NO_SECURITY_HUB },
  { from: 'coreProcessing.flowLogProcessor', why: NO_FLOW_LOGS },
  { from: 'sqsQueue', why: OWN_QUEUE },
  { from: 'sqsQueue.encryption', why: ONE_KEY },
  {
    from: 'sqsQueue.messageRetentionPeriod',
    to: [['pipeline', 'queueRetentionDays']],
    convert: within(1, 13, secondsIn('days')),
  },
  { from: 'sqsQueue.deadLetterQueue.maxReceiveCount', to: [['pipeline', 'maximumReceives']], convert: within(1, 1000) },
  {
    from: 'sqsQueue.deadLetterQueue.messageRetentionPeriod',
    to: [['pipeline', 'deadLetterRetentionDays']],
    convert: within(2, 14, secondsIn('days')),
  },
  { from: 'cloudTrailEventDataStore', why: NO_EVENT_STORE },
  { from: 'securityHub', why: NO_SECURITY_HUB },
];

const monitoring: readonly Step[] = [
  { from: 'monitoring.enabled', to: [['monitoring', 'dashboard', 'enabled']] },
  { from: 'monitoring.cloudWatchLogs.enabled', why: 'functions always log' },
  { from: 'monitoring.cloudWatchLogs.retentionDays', to: [['monitoring', 'logRetentionDays']], convert: retention },
  { from: 'monitoring.alarms.enabled', to: [[...ALARMS, 'enabled']] },
  { from: 'monitoring.alarms.snsTopicName', why: DERIVED },
  { from: 'monitoring.alarms.emailEndpoints', to: [[...ALARMS, 'emails']] },
  { from: 'monitoring.alarms.dlqAlarm', why: OWN_ALARM },
  {
    from: 'monitoring.alarms.dlqAlarm.threshold',
    to: [[...ALARMS, 'deadLetters']],
    // An alarm was meant from this number on; now it is the most that raises none.
    convert: within(0, 10_000, (threshold) => threshold - 1),
  },
  { from: 'monitoring.alarms.sqsAgeAlarm', why: OWN_ALARM },
  {
    from: 'monitoring.alarms.sqsAgeAlarm.ageThreshold',
    to: [[...ALARMS, 'oldestPointerMinutes']],
    convert: within(5, 1440, secondsIn('minutes')),
  },
];

const modules: readonly Step[] = [
  { from: 'integrations.azure.enabled', to: [[...AZURE, 'enabled']] },
  { from: 'integrations.azure.modulePath', why: 'modules are found by their folder' },
  ...processor('integrations.azure.config.eventHubProcessor'),
  { from: 'integrations.azure.config.flowLogProcessor', why: NO_FLOW_LOGS },
  { from: 'integrations.azure.config.secretsManager', why: SECRETS },
  { from: 'integrations.azure.config.checkpointStore', why: CHECKPOINTS },
];

/** The format before modules. */
const beforeModules: readonly Step[] = [
  { from: 'azureIntegration.enabled', to: [[...AZURE, 'enabled']] },
  { from: 'azureIntegration.secretsManager', why: SECRETS },
  { from: 'azureIntegration.azureTenantId', why: 'the secret says which event hub is read' },
  { from: 'azureIntegration.secretsManager.secretName', to: [[...EVENT_HUB, 'credentialsSecretName']] },
  { from: 'azureIntegration.secretsManager.eventHubSecret.secretName', to: [[...EVENT_HUB, 'credentialsSecretName']] },
  ...processor('lambdaFunctions.eventHubProcessor'),
  { from: 'lambdaFunctions.flowLogProcessor', why: NO_FLOW_LOGS },
];

const inEnvironments = (...names: readonly string[]): readonly KeyPath[] =>
  names.map((name) => ['environments', name, 'encryption']);

const environments: readonly Step[] = [
  { from: 'development', why: 'had no effect' },
  {
    from: 'development.encryptionKeyType',
    to: inEnvironments('dev', 'staging'),
    why: 'the former format laid it over staging too; remove it there where that was not meant',
  },
  { from: 'production', why: 'had no effect' },
  { from: 'production.encryptionKeyType', to: inEnvironments('prod') },
];

/** Every key of the former format. */
export const steps: readonly Step[] = [
  { from: 'projectName', to: [['projectName']] },
  { from: 'environment', to: [['environment']] },
  { from: 'awsRegion', to: [['awsRegion']] },
  {
    from: 'accountId',
    to: [['accountId']],
    convert: (value) =>
      value === '' ? { why: 'was empty: the account is that of the credentials' } : { value: String(value) },
  },
  { from: 'terminationProtection', to: [['terminationProtection']] },
  { from: 'tagSource', to: [['tags', 'Source']], convert: (value) => ({ value: String(value) }) },
  { from: 'tagProduct', to: [['tags', 'Product']], convert: (value) => ({ value: String(value) }) },
  { from: 'tagKitVersion', to: [['tags', 'KitVersion']], convert: (value) => ({ value: String(value) }) },
  ...encryption,
  ...lake,
  ...pipeline,
  ...monitoring,
  ...modules,
  ...beforeModules,
  ...environments,
];
