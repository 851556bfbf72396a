// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import {
  authenticationFailed,
  CheckpointTable,
  type Clients,
  type Collected,
  collect,
  deadlineOf,
  Failure,
  type IsLate,
  Secret,
  type Settings,
  settingsOf,
} from 'slake/collector';
import { type EventLogOptions, eventLog } from './helpers/api.ts';

const logger = new Logger();
const tracer = new Tracer();
const metrics = new Metrics();

/** What Lambda tells of an invocation, as far as it is used. */
export interface Context {
  readonly awsRequestId: string;
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

/** What the handler reaches; made once per container. */
export interface Services {
  readonly settings: Settings;
  readonly clients: Clients;
  readonly secret: Secret;
  readonly eventLog: EventLogOptions;
}

let reached: Services | undefined;

/** Runs on a schedule; the event is not looked at. Throws what the API or AWS refused. */
export async function handler(_event: unknown, context: Context): Promise<Collected> {
  reached ??= services(process.env);
  return collectLog(reached, context);
}

export function services(environment: NodeJS.ProcessEnv): Services {
  const settings = settingsOf(environment);
  const secrets = new SecretsManagerClient({});
  return {
    settings,
    clients: {
      s3: new S3Client({ forcePathStyle: environment.AWS_ENDPOINT_URL !== undefined }),
      sqs: new SQSClient({}),
      dynamodb: new DynamoDBClient({}),
      secrets,
    },
    secret: new Secret(secrets, settings.secretId),
    eventLog: {
      pageSize: Number(environment.EVENT_LOG_PAGE_SIZE || 1000),
      startAt: environment.EVENT_LOG_START_AT,
    },
  };
}

export async function collectLog(given: Services, context: Context): Promise<Collected> {
  logger.addContext(context as Parameters<typeof logger.addContext>[0]);
  const segment = tracer.getSegment();
  const subsegment = segment?.addNewSubsegment('## handler');
  if (subsegment) tracer.setSegment(subsegment);
  tracer.annotateColdStart();
  try {
    return await runOrRefresh(given, context);
  } catch (error) {
    tracer.addErrorAsMetadata(error as Error);
    throw error;
  } finally {
    subsegment?.close();
    if (segment) tracer.setSegment(segment);
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
}

async function runOrRefresh(given: Services, context: Context): Promise<Collected> {
  const isLate = deadlineOf(() => context.getRemainingTimeInMillis());
  try {
    return await run(given, context, isLate);
  } catch (error) {
    // The token may have been rotated since the secret was read.
    const isRefused = error instanceof Failure && error.entry === authenticationFailed;
    if (!isRefused || !(await given.secret.refresh())) throw error;
    logger.warn('The API refused the token; the secret has changed since it was read');
    return await run(given, context, isLate);
  }
}

async function run(given: Services, context: Context, isLate: IsLate): Promise<Collected> {
  const { settings, clients, secret, eventLog: options } = given;
  const source = await eventLog(secret, options);
  const reader = `${settings.moduleId}#${source.origin}`;
  const checkpoints = new CheckpointTable(clients.dynamodb, settings.checkpointTable, reader, context.awsRequestId);
  const collected = await collect(source, { ...settings, ...clients }, checkpoints, isLate);
  metrics.addMetric('EventsCollected', MetricUnit.Count, collected.events);
  metrics.addMetric('RawObjects', MetricUnit.Count, collected.objects);
  metrics.addMetric('RawBytes', MetricUnit.Bytes, collected.bytes);
  logger.info('Run done', { collected, moduleVersion: settings.moduleVersion });
  return collected;
}
