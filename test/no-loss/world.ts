// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect } from 'vitest';
import { bundleTransformer, venvPython } from '../../src/infra/bundling/index.ts';
import { type AwsFaults, startAwsFaults } from '../../src/local/aws-faults/index.ts';
import { startEmbeddedAws } from '../../src/local/embedded-aws/index.ts';
import { type EventHub, startEventHub } from '../../src/local/event-hub/index.ts';
import { readSamples } from '../../src/local/journey/events.ts';
import { loadModule } from '../../src/module/load.ts';
import { mappingFiles, transformerEntry } from '../../src/pipeline/build/load-program.ts';
import { type Container, createContainer, type Invocation } from './container.ts';
import { type Account, account } from './ledger.ts';
import { createModuleQueue, type Delivery, type ModuleQueue } from './module-queue.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MODULE = join(ROOT, 'integrations/security-lake/cdk/modules/azure');
const PYTHON = venvPython(ROOT);
/** Tries of a pointer before it becomes a dead letter. */
const MAXIMUM_RECEIVES = 5;

/** The embedded AWS and the bundled transformer, started once for many scenarios. */
export interface World {
  /** A source, a processor, a queue, a transformer and a lake of their own. */
  scenario(options?: ScenarioOptions): Promise<Scenario>;
  stop(): Promise<void>;
}

export interface ScenarioOptions {
  /** Default 1. */
  readonly partitions?: number;
  /** Text of one raw object before the next one begins, in bytes; default that of the processor. */
  readonly rawObjectBytes?: number;
}

export interface Scenario {
  readonly hub: EventHub;
  /** Between the two functions and the AWS. */
  readonly aws: AwsFaults;
  readonly queue: ModuleQueue;
  readonly processor: Container;
  readonly transformer: Container;
  /** Sends `count` events that the lake takes, each as a message of its own. */
  sendGood(count: number, partition?: number): void;
  /** Sends one message as it is; `events` is how many events it holds. */
  send(body: string | Uint8Array, events?: number, partition?: number): void;
  /** Invokes the processor. `looks`: its time is over when it has looked at the clock that often. */
  collect(time?: { readonly looks: number }): Promise<Invocation>;
  /** Lets Lambda work on the queue until it is empty. */
  transform(delivery?: Delivery): Promise<number>;
  /** Stores the hub's connection string of now as the module's secret. */
  storeSecret(): Promise<void>;
  putRaw(name: string, body: Uint8Array): Promise<string>;
  rawObjects(): Promise<string[]>;
  /** Fails unless every event sent is in the lake or in rejected/, and what is there twice is the same. */
  expectNothingLost(): Promise<Account>;
  /** The same, for events the source itself forgot: they are the only ones that are missing. */
  account(): Promise<Account>;
}

/** Milliseconds for the start of the world, and for one scenario in it. */
export const TIMEOUT = 120_000;

/** The world of a test file: started before its tests and stopped behind them. */
export function useWorld(): Pick<World, 'scenario'> {
  let world: World | undefined;
  beforeAll(async () => {
    world = await startWorld();
  }, TIMEOUT);
  afterAll(() => world?.stop());
  return {
    async scenario(options) {
      if (!world) throw new Error('a scenario is for the time of a test');
      return world.scenario(options);
    },
  };
}

async function startWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'slake-no-loss-'));
  const embedded = await startEmbeddedAws({ python: PYTHON, stateFolder: folder, accountId: '123456789012' });
  const { id, mappings, classes, module } = await loadModule(MODULE, 'azure');
  const { folder: code } = bundleTransformer({
    module: { id },
    entrySource: transformerEntry(mappingFiles(MODULE, mappings), '1.3.0'),
    resolveDir: MODULE,
    cacheFolder: join(ROOT, '.slake/assets'),
  });
  const samples = readSamples(MODULE).map((sample) => JSON.stringify(sample));
  const { environment } = embedded;
  const client = {
    endpoint: embedded.endpoint,
    region: embedded.region,
    credentials: { accessKeyId: embedded.accountId, secretAccessKey: 'embedded' },
  };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const sqs = new SQSClient(client);
  const dynamodb = new DynamoDBClient(client);
  const secrets = new SecretsManagerClient(client);
  const running: { close(): Promise<void> }[] = [];
  let scenarios = 0;

  async function keys(bucket: string, prefix: string): Promise<string[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    return Contents.map(({ Key = '' }) => Key);
  }

  async function objects(bucket: string, prefix: string): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const key of await keys(bucket, prefix)) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      found.set(key, (await Body?.transformToByteArray()) ?? new Uint8Array());
    }
    return found;
  }

  async function scenario({ partitions = 1, rawObjectBytes }: ScenarioOptions = {}): Promise<Scenario> {
    scenarios += 1;
    const name = `scenario-${scenarios}`;
    const [rawBucket, lakeBucket] = [`${name}-raw`, `${name}-lake`];
    const hub = await startEventHub({ name, partitions });
    const aws = await startAwsFaults(embedded.endpoint);
    for (const bucket of [rawBucket, lakeBucket]) await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const queue = await createModuleQueue(sqs, name, MAXIMUM_RECEIVES);
    await dynamodb.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
    await secrets.send(new CreateSecretCommand({ Name: name, SecretString: '{}' }));

    const shared = {
      ...environment,
      PATH: process.env.PATH ?? '',
      AWS_ENDPOINT_URL: aws.endpoint,
      SLAKE_MODULE_ID: id,
      SLAKE_MODULE_VERSION: module.moduleVersion,
      SLAKE_RAW_BUCKET: rawBucket,
      POWERTOOLS_METRICS_NAMESPACE: 'Slake',
      POWERTOOLS_TRACE_DISABLED: 'true',
      POWERTOOLS_TRACE_ENABLED: 'false',
    };
    const processor = createContainer({
      command: PYTHON,
      args: [join(import.meta.dirname, 'processor.py'), join(ROOT, 'collector'), join(MODULE, 'src/lambda/processor')],
      environment: {
        ...shared,
        PYTHONUNBUFFERED: '1',
        POWERTOOLS_SERVICE_NAME: 'azure-processor',
        SLAKE_QUEUE_URL: queue.url.replace(/^https?:\/\/[^/]+/, aws.endpoint),
        SLAKE_CHECKPOINT_TABLE: name,
        SLAKE_SECRET_ID: name,
        ...(rawObjectBytes ? { SLAKE_RAW_OBJECT_BYTES: String(rawObjectBytes) } : {}),
      },
    });
    const transformer = createContainer({
      command: process.execPath,
      args: [join(import.meta.dirname, 'transformer.mjs'), join(code, 'index.mjs')],
      environment: {
        ...shared,
        POWERTOOLS_SERVICE_NAME: 'azure-transformer',
        SLAKE_EXTERNAL_ID: 'no-loss',
        SLAKE_LAKE_SOURCES: JSON.stringify(
          classes.map((className) => ({
            class: className,
            name: className,
            location: `${lakeBucket}/${className}/`,
            roleArn: `arn:aws:iam::${embedded.accountId}:role/provider-${className}`,
          })),
        ),
      },
    });
    const close = async () => {
      await Promise.all([processor.stop(), transformer.stop()]);
      await Promise.all([hub.close(), aws.close()]);
    };
    running.push({ close });

    const sent = new Set<string>();
    let taken = 0;

    function send(body: string | Uint8Array, events = 1, partition = 0): void {
      const { sequenceNumber } = hub.send(partition, body);
      for (let index = 0; index < events; index += 1) {
        sent.add(`${hub.host}/${name}/${partition}/${sequenceNumber}/${index}`);
      }
    }

    async function storeSecret(): Promise<void> {
      const SecretString = JSON.stringify({ connectionString: hub.connectionString, eventHubName: name });
      await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
    }

    async function count(): Promise<Account> {
      const lakeFolder = join(folder, `${name}-${++taken}`);
      return account(sent, await objects(lakeBucket, ''), await objects(rawBucket, 'rejected/'), lakeFolder);
    }

    await storeSecret();
    return {
      hub,
      aws,
      queue,
      processor,
      transformer,
      send,
      sendGood(count, partition = 0) {
        for (let at = 0; at < count; at += 1) send(samples[at % samples.length] ?? '', 1, partition);
      },
      collect: (time) => processor.invoke(time ?? {}),
      transform: (delivery) => queue.drain(transformer, delivery),
      storeSecret,
      async putRaw(rawName, body) {
        const Key = `raw/${id}/com.microsoft.azure.eventhub/2026-01-02/${rawName}`;
        await s3.send(new PutObjectCommand({ Bucket: rawBucket, Key, Body: body }));
        return `s3://${rawBucket}/${Key}`;
      },
      rawObjects: () => keys(rawBucket, 'raw/'),
      account: count,
      async expectNothingLost() {
        const found = await count();
        expect(found, processor.log() + transformer.log()).toMatchObject({
          missing: [],
          unknown: [],
          both: [],
          unequal: [],
        });
        return found;
      },
    };
  }

  return {
    scenario,
    async stop() {
      await Promise.all(running.map((each) => each.close()));
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
