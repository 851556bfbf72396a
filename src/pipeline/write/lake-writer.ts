// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ClassName } from '../../ocsf/index.ts';
import type { OcsfEvent } from '../map/mapper.ts';
import type { Program } from '../program.ts';
import type { LakeSource } from './lake-source.ts';
import { createParquetWriter } from './parquet/writer.ts';
import { objectName, partitionOf } from './partition.ts';
import type { Store } from './store.ts';

/** Rows held before they are sorted and written: one row group. */
const ROWS_PER_OBJECT = 25_000;
/** Bytes of raw text behind all rows held; above it the fullest partition is written. */
const HELD_BYTES = 48 * 1024 * 1024;

/** What was written for one lake source. */
export interface Written {
  objects: number;
  rows: number;
  /** Bytes of Parquet. */
  bytes: number;
}

interface Buffer {
  readonly class: ClassName;
  /** Key below the source's location, without the object's name. */
  readonly folder: string;
  rows: OcsfEvent[];
  rawBytes: number;
  parts: number;
}

/** Collects the rows of one raw object by lake partition and writes each as Parquet, ordered by time. */
export interface LakeWriter {
  /**
   * Takes valid rows of one class; a promise only where it writes. `rawBytes` is the size of the raw event they come
   * from.
   */
  add(className: ClassName, rows: readonly OcsfEvent[], rawBytes: number): Promise<void> | undefined;
  /** Writes what is held. Only when it has returned is everything in the lake. */
  finish(): Promise<ReadonlyMap<ClassName, Written>>;
}

/**
 * @param origin key of the raw object: object names are made of it
 * @param region AWS region of the lake
 */
export function lakeWriter(options: {
  readonly program: Program;
  readonly sources: readonly LakeSource[];
  readonly store: Store;
  readonly origin: string;
  readonly region: string;
  readonly metadata: Readonly<Record<string, string>>;
}): LakeWriter {
  const { program, store, origin, region, metadata } = options;
  const buffers = new Map<string, Buffer>();
  const written = new Map<ClassName, Written>();
  let held = 0;

  async function flush(buffer: Buffer): Promise<void> {
    const compiled = program.classes[buffer.class];
    const source = options.sources.find((candidate) => candidate.class === buffer.class);
    if (!compiled || !source) throw new Error(`no lake source is deployed for the class ${buffer.class}`);
    const writer = createParquetWriter({ columns: compiled.columns, metadata }, compiled.shred);
    const ordered = buffer.rows.sort((a, b) => (a.time as number) - (b.time as number));
    for (const row of ordered) writer.append(row);
    const { bytes, rows } = writer.finish();
    const key = `${buffer.folder}${objectName(origin, buffer.parts)}.parquet`;
    held -= buffer.rawBytes;
    buffer.rows = [];
    buffer.rawBytes = 0;
    buffer.parts += 1;
    await store.putLake(source, key, bytes);
    const total = written.get(buffer.class) ?? { objects: 0, rows: 0, bytes: 0 };
    written.set(buffer.class, {
      objects: total.objects + 1,
      rows: total.rows + rows,
      bytes: total.bytes + bytes.byteLength,
    });
  }

  /** Writes what is full, and then the fullest until little enough is held. */
  async function makeRoom(): Promise<void> {
    for (const buffer of buffers.values()) if (buffer.rows.length >= ROWS_PER_OBJECT) await flush(buffer);
    while (held > HELD_BYTES) {
      const fullest = [...buffers.values()].reduce((a, b) => (b.rawBytes > a.rawBytes ? b : a));
      await flush(fullest);
    }
  }

  function bufferOf(className: ClassName, row: OcsfEvent): Buffer {
    const { accountId, eventDay } = partitionOf(row);
    const name = `${className}/${eventDay}/${accountId}`;
    const known = buffers.get(name);
    if (known) return known;
    const folder = `region=${region}/accountId=${accountId}/eventDay=${eventDay}/`;
    const buffer: Buffer = { class: className, folder, rows: [], rawBytes: 0, parts: 0 };
    buffers.set(name, buffer);
    return buffer;
  }

  return {
    add(className, rows, rawBytes) {
      let isFull = false;
      for (const row of rows) {
        const buffer = bufferOf(className, row);
        buffer.rows.push(row);
        buffer.rawBytes += rawBytes;
        held += rawBytes;
        isFull ||= buffer.rows.length >= ROWS_PER_OBJECT;
      }
      return isFull || held > HELD_BYTES ? makeRoom() : undefined;
    },
    async finish() {
      for (const buffer of buffers.values()) if (buffer.rows.length > 0) await flush(buffer);
      return written;
    },
  };
}
