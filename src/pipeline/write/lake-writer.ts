// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ClassName } from '../../ocsf/index.ts';
import type { OcsfEvent } from '../map/mapper.ts';
import type { CompiledClass, Program } from '../program.ts';
import type { LakeSource } from './lake-source.ts';
import { createParquetWriter, type ParquetWriter } from './parquet/writer.ts';
import { objectName, partitionOf } from './partition.ts';
import type { Store } from './store.ts';

/** Rows of one object: one row group. */
const ROWS_PER_OBJECT = 25_000;
/** Bytes of all rows held; above it the fullest partitions are written. */
const HELD_BYTES = 40 * 1024 * 1024;
/** Rows that wait for others of their partition: columns filled by several rows at once stay in the processor's cache. */
const ROWS_AT_ONCE = 64;
/** Bytes of memory a row takes before it is taken apart into columns: in any case, and for each byte of its event. */
const ROW_BYTES = 2_000;
const ROW_BYTES_PER_RAW_BYTE = 4;
/** What is held after that: enough is written at once that looking for the fullest costs nothing per row. */
const HELD_AFTER_BYTES = HELD_BYTES * 0.75;

/** What was written for one lake source. */
export interface Written {
  objects: number;
  rows: number;
  /** Bytes of Parquet. */
  bytes: number;
}

/** The object that is being made for one partition. */
interface OpenObject {
  readonly class: ClassName;
  /** Key below the source's location, without the object's name. */
  readonly folder: string;
  /** Made when the first rows are taken apart: there may be many partitions of a few rows each. */
  writer: ParquetWriter | undefined;
  /** Rows that are not in the columns yet. */
  waiting: OcsfEvent[];
  rows: number;
  rawBytes: number;
  /** Bytes of memory it takes, nearly. */
  bytes: number;
}

/**
 * Collects the rows of one raw object by lake partition and writes each as Parquet, ordered by time. Rows soon go
 * into the columns of their object; what is held is bounded, however many partitions there are.
 */
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
  const open = new Map<string, OpenObject>();
  const written = new Map<ClassName, Written>();
  let held = 0;
  /** How often objects were written before the end: the number that tells the objects of one partition apart. */
  let rounds = 0;

  async function close(name: string, object: OpenObject): Promise<void> {
    open.delete(name);
    const { bytes, rows } = takeApart(object).finish();
    held -= object.bytes;
    const key = `${object.folder}${objectName(origin, rounds)}.parquet`;
    await store.putLake(sourceOf(object.class), key, bytes);
    const total = written.get(object.class) ?? { objects: 0, rows: 0, bytes: 0 };
    written.set(object.class, {
      objects: total.objects + 1,
      rows: total.rows + rows,
      bytes: total.bytes + bytes.byteLength,
    });
  }

  /** Puts the waiting rows of an object into its columns. */
  function takeApart(object: OpenObject): ParquetWriter {
    const { columns, shred } = compiledOf(object.class);
    object.writer ??= createParquetWriter({ columns, metadata, orderBy: timeOf }, shred);
    for (const row of object.waiting) object.writer.append(row);
    object.waiting = [];
    // Long lists of short values take more than their text.
    const bytes = Math.max(object.writer.heldBytes, object.rawBytes);
    held += bytes - object.bytes;
    object.bytes = bytes;
    return object.writer;
  }

  function compiledOf(className: ClassName): CompiledClass {
    const compiled = program.classes[className];
    if (!compiled) throw new Error(`the class ${className} is not compiled`);
    return compiled;
  }

  function sourceOf(className: ClassName): LakeSource {
    const source = options.sources.find((candidate) => candidate.class === className);
    if (!source) throw new Error(`no lake source is deployed for the class ${className}`);
    return source;
  }

  /** Writes what is full, and then the fullest until little enough is held. */
  async function makeRoom(): Promise<void> {
    const isOver = held > HELD_BYTES;
    for (const [name, object] of [...open].sort(([, a], [, b]) => b.bytes - a.bytes)) {
      if (object.rows >= ROWS_PER_OBJECT || (isOver && held > HELD_AFTER_BYTES)) await close(name, object);
    }
    rounds += 1;
  }

  function objectOf(className: ClassName, row: OcsfEvent): OpenObject {
    const { accountId, eventDay } = partitionOf(row);
    const name = `${className}/${eventDay}/${accountId}`;
    const known = open.get(name);
    if (known) return known;
    const folder = `region=${region}/accountId=${accountId}/eventDay=${eventDay}/`;
    const object: OpenObject = {
      class: className,
      folder,
      writer: undefined,
      waiting: [],
      rows: 0,
      rawBytes: 0,
      bytes: 0,
    };
    open.set(name, object);
    return object;
  }

  return {
    add(className, rows, rawBytes) {
      let isFull = false;
      const bytes = ROW_BYTES + rawBytes * ROW_BYTES_PER_RAW_BYTE;
      for (const row of rows) {
        const object = objectOf(className, row);
        object.waiting.push(row);
        object.rows += 1;
        object.rawBytes += rawBytes;
        object.bytes += bytes;
        held += bytes;
        if (object.waiting.length >= ROWS_AT_ONCE) takeApart(object);
        isFull ||= object.rows >= ROWS_PER_OBJECT;
      }
      return isFull || held > HELD_BYTES ? makeRoom() : undefined;
    },
    async finish() {
      for (const [name, object] of open) await close(name, object);
      return written;
    },
  };
}

function timeOf(row: Readonly<Record<string, unknown>>): number {
  return row.time as number;
}
