// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Configuration } from '../../config/configuration.ts';
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { eventsMissing, noSamples } from '../../errors/journey.ts';
import type { LoadedModule } from '../../module/load.ts';
import type { LocalSource } from '../../module/local-source.ts';
import { deployStacks, type StackOutputs, type Templates } from '../../release/deploy.ts';
import { type LocalCloud, startLocalCloud } from '../cloud.ts';
import { type JourneyClients, journeyClients } from './clients.ts';
import { journeyEvents, readSamples } from './events.ts';
import { queryLake, type SourceContent } from './lake-query.ts';
import { startSource } from './source.ts';

/** How a journey tells what it is doing: each stage by name, with details as they come. */
export type Stage = <T>(title: string, work: (say: (detail: string) => void) => Promise<T>) => Promise<T>;

export interface JourneyOptions {
  readonly root: string;
  readonly stateFolder: string;
  readonly configFile: string;
  readonly configuration: Configuration;
  readonly module: LoadedModule;
  /** Good events to send; bad ones come on top. */
  readonly events: number;
  readonly stage: Stage;
  readonly signal: AbortSignal;
  readonly watch?: JourneyWatch;
}

/** Somebody who changes the stacks before they are deployed, and is told when they are. */
export interface JourneyWatch {
  templates(cloud: LocalCloud, templates: Templates): Promise<Templates>;
  deployed(outputs: StackOutputs): Promise<void>;
}

/** What a journey found at its end. */
export interface JourneyReport {
  readonly sent: number;
  readonly badOnPurpose: number;
  readonly rawObjects: number;
  readonly rawBytes: number;
  readonly sources: readonly SourceContent[];
  readonly rejected: number;
  /** `<stage>:<code>` to the first message given with it and how many events have it. */
  readonly reasons: readonly { readonly reason: string; readonly message: string; readonly events: number }[];
  readonly example: Record<string, unknown> | undefined;
  readonly lakeFolder: string;
  readonly outputs: StackOutputs;
}

/** A journey that is at its end but still running. */
export interface Journey {
  readonly report: JourneyReport;
  readonly cloud: LocalCloud;
  readonly source: LocalSource;
  readonly places: Places;
  /** Runs the processor once more, and waits until the transformer has worked off the queue. */
  collect(): Promise<void>;
  stop(): Promise<void>;
}

const ACCOUNT_ID = '123456789012';
const PATIENCE_MS = 120_000;

/**
 * Takes events all the way: a source on this machine, the stacks deployed to the embedded AWS, the processor invoked,
 * the transformer triggered by its queue, the lake read back. Whatever was started is stopped when it fails.
 */
export async function runJourney(options: JourneyOptions): Promise<Journey> {
  const { root, stateFolder, configuration, module, signal, watch } = options;
  const stage: Stage = (title, work) => options.stage(title, (say) => interruptible(work(say), signal));
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of started.toReversed()) await part.stop();
  };
  try {
    const samples = samplesOf(module);
    const accountId = configuration.accountId ?? ACCOUNT_ID;
    const cloud = await stage('Start the embedded AWS', async (say) => {
      const running = await startLocalCloud({ root, stateFolder, region: configuration.awsRegion, accountId });
      started.push(running);
      process.once('exit', () => running.kill());
      say(running.aws.endpoint);
      return running;
    });

    const source = await stage('Start the source', async (say) => {
      const running = await startSource(module);
      started.push(running);
      say(running.name);
      return running;
    });
    const sent = journeyEvents(samples, options.events, new Date(), source.carriesAnyText);
    source.send([...sent.good, ...sent.bad]);
    const bad = sent.bad.length;
    const events = sent.good.length + bad;

    const outputs = await stage('Deploy the core stack and the module stack', async (say) => {
      const outputFolder = join(stateFolder, 'cdk.out');
      rmSync(outputFolder, { recursive: true, force: true });
      const deployed = await deployStacks({
        root,
        configFile: options.configFile,
        outputFolder,
        target: 'host',
        environment: cloud.environment,
        bootstrap: { accountId, region: configuration.awsRegion },
        say,
        ...(watch ? { change: (templates) => watch.templates(cloud, templates) } : {}),
      });
      await watch?.deployed(deployed);
      say(Object.keys(deployed).join(', '));
      return deployed;
    });
    const places = placesOf(outputs, configuration, module);
    const clients = journeyClients(cloud.environment);

    await stage('Configure the secret', () => clients.putSecret(places.secretName, source.secret, places.keyArn));
    await stage(`Run the processor ${places.processorFunction}`, async (say) => {
      await clients.invoke(places.processorFunction);
      const raw = await clients.list(places.rawBucket, `raw/${module.id}/`);
      say(counted(raw.length, 'raw object'));
    });

    await stage('Transform what the queue points at', (say) => workOff(clients, places.queueUrl, say));

    const lakeFolder = join(stateFolder, 'lake');
    const report = await stage('Read the lake back with SQL', async (say) => {
      rmSync(lakeFolder, { recursive: true, force: true });
      await clients.download(cloud.securityLake.bucket, '', lakeFolder);
      const refused = await clients.download(places.rawBucket, `rejected/${module.id}/`, lakeFolder);
      const raw = await clients.list(places.rawBucket, `raw/${module.id}/`);
      const { sources, example } = await queryLake(lakeFolder);
      const { rejected, reasons } = countReasons(refused.map((key) => join(lakeFolder, key)));
      const rawBytes = raw.reduce((sum, object) => sum + object.bytes, 0);
      say(
        `${counted(
          sources.reduce((sum, each) => sum + each.rows, 0),
          'row',
        )}`,
      );
      return { sent: events, badOnPurpose: bad, rawObjects: raw.length, rawBytes, sources, rejected, reasons, example };
    });

    const arrived = report.sources.reduce((sum, each) => sum + each.events, 0);
    if (arrived + report.rejected < events || report.rejected > bad) {
      const deadLetters = await clients.messages(places.dlqUrl);
      const counts = { sent: events, lake: arrived, rejected: report.rejected, deadLetters };
      throw new Failure(eventsMissing, counts);
    }
    const collect = async () => {
      await clients.invoke(places.processorFunction);
      await workOff(clients, places.queueUrl, () => {});
    };
    return { report: { ...report, lakeFolder, outputs }, cloud, source, places, collect, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until nothing is in a queue, or patience ends. */
async function workOff(clients: JourneyClients, queueUrl: string, say: (detail: string) => void): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (let calm = 0; calm < 2 && Date.now() < end; ) {
    const waiting = await clients.messages(queueUrl);
    say(waiting === 0 ? 'the queue is empty' : `${counted(waiting, 'pointer is', 'pointers are')} waiting`);
    calm = waiting === 0 ? calm + 1 : 0;
    await delay(250);
  }
}

/** The work, or the interruption where that comes first: nobody waits for a deployment they have cancelled. */
export async function interruptible<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise<T>((done, fail) => {
    const interrupt = () => fail(signal.reason);
    signal.addEventListener('abort', interrupt, { once: true });
    work.then(done, fail).finally(() => signal.removeEventListener('abort', interrupt));
  });
}

function samplesOf(module: LoadedModule): readonly unknown[] {
  const samples = readSamples(module.folder);
  if (samples.length === 0) throw new Failure(noSamples, { folder: join(module.folder, 'samples') });
  return samples;
}

/** Names of what the stacks have made. */
export interface Places {
  readonly queueUrl: string;
  readonly dlqUrl: string;
  readonly rawBucket: string;
  readonly processorFunction: string;
  readonly transformerFunction: string;
  readonly checkpointTable: string;
  readonly secretName: string;
  /** The project's key, where it has one of its own. */
  readonly keyArn?: string;
  readonly coreStack: string;
  readonly moduleStack: string;
}

/** What the stacks' outputs say; a missing one is a defect of the stacks. */
function placesOf(outputs: StackOutputs, configuration: Configuration, module: LoadedModule): Places {
  const core = `${configuration.projectName}-${configuration.environment}`;
  const need = (stack: string, name: string): string => {
    const value = outputs[stack]?.[name];
    if (value === undefined) throw new Error(`the stack ${stack} has no output ${name}`);
    return value;
  };
  const own = `${core}-${module.id}`;
  const keyArn = outputs[core]?.KeyArn;
  return {
    ...(keyArn === undefined ? {} : { keyArn }),
    coreStack: core,
    moduleStack: own,
    queueUrl: need(own, 'QueueUrl'),
    dlqUrl: need(own, 'DlqUrl'),
    rawBucket: need(core, 'RawBucketName'),
    processorFunction: need(own, 'ProcessorFunction'),
    transformerFunction: need(own, 'TransformerFunction'),
    checkpointTable: need(core, 'CheckpointTableName'),
    secretName: `${module.id}-credentials`,
  };
}

function countReasons(files: readonly string[]) {
  const found = new Map<string, { message: string; events: number }>();
  let rejected = 0;
  for (const file of files) {
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const event = JSON.parse(line) as { stage: string; reasons: { code: string; path: string; message: string }[] };
      rejected += 1;
      const [first] = event.reasons;
      const reason = `${event.stage}:${first?.code}`;
      const known = found.get(reason);
      const message = first?.path ? `${first.path}: ${first.message}` : (first?.message ?? '');
      found.set(reason, { message: known?.message ?? message, events: (known?.events ?? 0) + 1 });
    }
  }
  return { rejected, reasons: [...found].map(([reason, value]) => ({ reason, ...value })) };
}
