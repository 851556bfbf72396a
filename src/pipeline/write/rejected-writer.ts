// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../read/event.ts';
import { objectName } from './partition.ts';
import type { Store } from './store.ts';

/** Where on its way an event was refused. */
export type Stage = 'read' | 'map' | 'validate';

/** A refused event: a line of a rejected object. */
export interface RejectedEvent {
  readonly stage: Stage;
  /** `<file>#<export>` of the mapping that took the event, where one did. */
  readonly mapping?: string;
  readonly reasons: readonly Reason[];
  /** The line of the raw object as it stood there: a CloudEvent, or whatever it was. */
  readonly original: string;
}

const BYTES_PER_OBJECT = 16 * 1024 * 1024;

/** Collects refused events of one raw object and puts them below `rejected/<module>/`. */
export interface RejectedWriter {
  /** A promise only where it writes. */
  add(event: RejectedEvent): Promise<void> | undefined;
  /** Only when it has returned is everything in the raw bucket. */
  finish(): Promise<{ readonly events: number; readonly reasons: ReadonlyMap<string, number> }>;
}

/** @param origin key of the raw object, `raw/<module>/<stream>/<date>/<name>` or a name made up for an inline batch */
export function rejectedWriter(options: {
  readonly store: Store;
  readonly origin: string;
  readonly module: string;
  readonly moduleVersion: string;
}): RejectedWriter {
  const { store, origin, module, moduleVersion } = options;
  const folder = origin.startsWith(`raw/${module}/`) ? origin.split('/').slice(2, -1).join('/') : 'inline';
  const reasons = new Map<string, number>();
  let lines: Buffer[] = [];
  let bytes = 0;
  let parts = 0;
  let events = 0;

  async function flush(): Promise<void> {
    const key = `rejected/${module}/${folder}/${objectName(origin, parts)}.ndjson`;
    const body = Buffer.concat(lines);
    lines = [];
    bytes = 0;
    parts += 1;
    await store.putRejected(key, body);
  }

  return {
    add({ original, ...event }) {
      const line = Buffer.from(`${JSON.stringify({ ...event, module, moduleVersion, origin, original })}\n`);
      lines.push(line);
      bytes += line.length;
      events += 1;
      const codes = new Set(event.reasons.map(({ code }) => `${event.stage}:${code}`));
      for (const code of codes) reasons.set(code, (reasons.get(code) ?? 0) + 1);
      return bytes >= BYTES_PER_OBJECT ? flush() : undefined;
    },
    async finish() {
      if (lines.length > 0) await flush();
      return { events, reasons };
    },
  };
}
