// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSHandler, SQSRecord } from 'aws-lambda';
import { CloudEvent, Pointer } from '../contract/envelope.ts';
import { Failure } from '../errors/failure.ts';
import { foreignPointer, missingEnvironment, rawObjectIncomplete, unreadableMessage } from '../errors/pipeline.ts';
import type { Program } from './program.ts';
import { type Line, readLines } from './read/lines.ts';
import { MAX_LINE_BYTES, type TransformSummary, transform } from './transform.ts';
import { type LakeSource, parseLakeSources } from './write/lake-source.ts';
import { type Store, s3Store } from './write/store.ts';

/** Unzipped at a time: large enough that the steps between chunks do not count. */
const UNZIPPED_BYTES = 256 * 1024;

/** What the module's stack tells the transformer, from its environment. */
interface Settings {
  readonly module: string;
  readonly moduleVersion: string;
  readonly rawBucket: string;
  readonly region: string;
  readonly sources: readonly LakeSource[];
  readonly externalId: string;
}

/** The Lambda handler of a module's transformer: an SQS batch in, the messages to try again out. */
export function createTransformer(program: Program): SQSHandler {
  const logger = new Logger();
  const metrics = new Metrics();
  const settings = readSettings(process.env);
  const store = s3Store(settings);
  const processor = new BatchProcessor(EventType.SQS);

  async function work(record: SQSRecord): Promise<void> {
    const summary = await transformMessage(record, program, settings, store);
    report(logger, metrics, record.messageId, summary);
  }

  return async (event, context) => {
    logger.addContext(context);
    try {
      return await processPartialResponse(event, work, processor, { context, processInParallel: false });
    } finally {
      for (const error of processor.errors) logger.error('A message could not be transformed', error);
      metrics.publishStoredMetrics();
    }
  };
}

/** One queue message: the raw object its pointer names, or the events it carries. */
async function transformMessage(
  record: SQSRecord,
  program: Program,
  settings: Settings,
  store: Store,
): Promise<TransformSummary> {
  const message = parseMessage(record);
  if (!('dataref' in message)) {
    const origin = `inline/${createHash('sha256').update(record.body).digest('hex')}`;
    return transform(inlineLines(message), { ...settings, program, store, origin });
  }
  const key = rawKey(message, settings);
  const chunks = await store.readRaw(key);
  const unzip = createGunzip({ chunkSize: UNZIPPED_BYTES });
  // A truncated object must fail the message: pipeline destroys the gunzip stream with the error of its input.
  pipeline(chunks, unzip, () => {});
  const summary = await transform(readLines(unzip, MAX_LINE_BYTES), { ...settings, program, store, origin: key });
  if (summary.events !== message.eventcount) {
    throw new Failure(rawObjectIncomplete, { key, expected: message.eventcount, found: summary.events });
  }
  return summary;
}

/** A pointer, or the lines of an inline batch. */
function parseMessage(record: SQSRecord): Pointer | readonly unknown[] {
  const { messageId } = record;
  let body: unknown;
  try {
    body = JSON.parse(record.body);
  } catch {
    throw new Failure(unreadableMessage, { messageId, why: 'the body is not JSON' });
  }
  const pointer = Pointer.safeParse(body);
  if (pointer.success) return pointer.data;
  const events = Array.isArray(body) ? body : [body];
  if (events.length > 0 && events.every(isInlineEvent)) return events;
  const why = pointer.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new Failure(unreadableMessage, { messageId, why });
}

/** A pointer with a mistake in it is none: taken for an event without data it would be rejected and its object lost. */
function isInlineEvent(event: unknown): boolean {
  return CloudEvent.safeParse(event).success && !Object.hasOwn(event as object, 'dataref');
}

async function* inlineLines(events: readonly unknown[]): AsyncGenerator<readonly Line[]> {
  yield events.map((event) => {
    const text = JSON.stringify(event);
    return { text, bytes: Buffer.byteLength(text) };
  });
}

/** The key of the raw object; a pointer out of the module's own folder is refused, whoever sent it. */
function rawKey(pointer: Pointer, settings: Settings): string {
  const expected = `s3://${settings.rawBucket}/raw/${settings.module}/`;
  if (!pointer.dataref.startsWith(expected) || pointer.dataref.includes('/../')) {
    throw new Failure(foreignPointer, { dataref: pointer.dataref, expected });
  }
  return pointer.dataref.slice(`s3://${settings.rawBucket}/`.length);
}

function report(logger: Logger, metrics: Metrics, messageId: string, summary: TransformSummary): void {
  const written = [...summary.written.values()];
  const total = (field: 'rows' | 'objects' | 'bytes') => written.reduce((sum, part) => sum + part[field], 0);
  const unmapped = [...summary.unmapped.values()].reduce((sum, count) => sum + count, 0);
  metrics.addMetric('EventsRead', MetricUnit.Count, summary.events);
  metrics.addMetric('EventsRejected', MetricUnit.Count, summary.rejected);
  metrics.addMetric('RowsWritten', MetricUnit.Count, total('rows'));
  metrics.addMetric('ObjectsWritten', MetricUnit.Count, total('objects'));
  metrics.addMetric('BytesWritten', MetricUnit.Bytes, total('bytes'));
  metrics.addMetric('UnmappedValues', MetricUnit.Count, unmapped);
  logger.info('Transformed', {
    messageId,
    events: summary.events,
    rows: total('rows'),
    rejected: summary.rejected,
    reasons: Object.fromEntries(summary.reasons),
    unmappedPaths: summary.unmapped.size,
  });
}

function readSettings(environment: NodeJS.ProcessEnv): Settings {
  function need(name: string): string {
    const value = environment[name];
    if (!value) throw new Failure(missingEnvironment, { name, why: 'it is not set' });
    return value;
  }
  return {
    module: need('SLAKE_MODULE_ID'),
    moduleVersion: need('SLAKE_MODULE_VERSION'),
    rawBucket: need('SLAKE_RAW_BUCKET'),
    externalId: need('SLAKE_EXTERNAL_ID'),
    region: need('AWS_REGION'),
    sources: parseLakeSources(need('SLAKE_LAKE_SOURCES')),
  };
}
