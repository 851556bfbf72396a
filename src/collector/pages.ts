// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { authenticationFailed, checkpointConflict, sourceFailed } from '../errors/collector.ts';
import { Failure } from '../errors/failure.ts';
import type { CheckpointTable, Position } from './checkpoint.ts';
import { type Delivery, deliver, type IsLate } from './delivery.ts';
import { RawObject } from './raw-object.ts';

/** The one partition of a log that is handed out page by page. */
export const LOG = '0';

/** One event as the service gave it. */
export interface LogRecord {
  /** Unique in the log, and the same whenever the event is handed out again. */
  readonly id: string;
  /** When the service recorded it. */
  readonly time: Date;
  /** The text of one JSON document without line breaks, or bytes for what is no JSON. */
  readonly body: string | Uint8Array;
}

export interface Page {
  readonly records: readonly LogRecord[];
  /** Where the next page begins: opaque, and never empty. */
  readonly cursor: string;
  /** Whether the service holds more now. */
  readonly hasMore: boolean;
}

/** A log that a service hands out page by page behind a cursor, as the APIs of SaaS products do. */
export interface PagedSource {
  /** CloudEvents `type` of everything it delivers: `com.okta.systemlog`. */
  readonly stream: string;
  /** `<host>/<log>`, what ids and names are made of. */
  readonly origin: string;
  /**
   * The page behind `cursor`, or the first one. Throws SLK-COL-005 when the credential was refused, SLK-COL-004 for
   * everything else.
   */
  page(cursor: string | undefined): Promise<Page>;
}

/** What a run delivered and checkpointed. */
export interface Collected {
  status: 'caught up' | 'deadline' | 'overtaken';
  pages: number;
  events: number;
  objects: number;
  /** Compressed, as written. */
  bytes: number;
}

/**
 * Brings the log up to its end, or as far as the deadline allows. Pages are numbered from 1 as they are received; the
 * checkpoint holds the number of the last one that is safe and the cursor behind it. A run that breaks off asks again; what is
 * the same overwrites itself, what has grown stands beside under a name of its own. Throws what the source threw, after what came before it was delivered.
 */
export async function collect(
  source: PagedSource,
  delivery: Delivery,
  checkpoints: CheckpointTable,
  isLate: IsLate,
): Promise<Collected> {
  const result: Collected = { status: 'caught up', pages: 0, events: 0, objects: 0, bytes: 0 };
  let at: Partial<Position> & { sequenceNumber: number } = (await checkpoints.load(LOG)) ?? { sequenceNumber: 0 };
  let open = begin();
  try {
    await receive();
    await commit();
  } catch (error) {
    // What came before the source failed is whole: delivering it is progress, however often the source fails.
    if (isFromSource(error)) await commit();
    if (!(error instanceof Failure) || error.entry !== checkpointConflict) throw error;
    result.status = 'overtaken';
  }
  return result;

  function begin() {
    return { object: new RawObject(), first: at.sequenceNumber + 1, firstTime: undefined as Date | undefined };
  }

  async function receive(): Promise<void> {
    for (let slowest = 0; ; ) {
      const asked = performance.now();
      const page = await source.page(at.offset);
      slowest = Math.max(slowest, performance.now() - asked);
      if (page.hasMore && page.cursor === at.offset) {
        throw new Failure(sourceFailed, { why: 'The source promises more behind a cursor that does not move' });
      }
      take(page);
      if (!page.hasMore) return;
      // A page that would still be under way at the end would take all before it along.
      if (isLate(2 * slowest)) {
        result.status = 'deadline';
        return;
      }
      if (open.object.textBytes >= delivery.rawObjectBytes) await commit();
    }
  }

  function take({ records, cursor }: Page): void {
    if (records.length === 0 && cursor === at.offset) return;
    at = { sequenceNumber: at.sequenceNumber + 1, offset: cursor };
    open.firstTime ??= records[0]?.time;
    open.object.add(records.map((record) => line(record, source)));
  }

  /** Makes safe what was taken. The order is the invariant: raw object, pointer, checkpoint. */
  async function commit(): Promise<void> {
    const { object, first, firstTime } = open;
    const { sequenceNumber: last, offset } = at;
    if (last < first || offset === undefined) return;
    if (firstTime) {
      const { origin, stream } = source;
      result.bytes += await deliver(delivery, object, { origin, stream, first, last, firstTime });
      result.objects += 1;
    }
    await checkpoints.save(LOG, { sequenceNumber: last, offset });
    result.pages += last - first + 1;
    result.events += object.count;
    open = begin();
  }
}

function isFromSource(error: unknown): boolean {
  return error instanceof Failure && (error.entry === sourceFailed || error.entry === authenticationFailed);
}

/** A CloudEvent; the text of the event stands in it as it is. */
function line({ id, time, body }: LogRecord, { origin, stream }: PagedSource): string {
  const head = { specversion: '1.0', id: `${origin}/${id}`, source: `//${origin}`, type: stream, time };
  const content =
    typeof body === 'string'
      ? `"data":${body}`
      : `"datacontenttype":"application/octet-stream","data_base64":"${Buffer.from(body).toString('base64')}"`;
  return `${JSON.stringify(head).slice(0, -1)},${content}}`;
}
