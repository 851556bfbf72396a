// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ClassName } from '../../ocsf/index.ts';
import type { OcsfEvent } from '../map/mapper.ts';
import type { Program } from '../program.ts';
import type { LakeSource } from './lake-source.ts';
import { ascending } from './parquet/row-order.ts';
import { createParquetWriter, type ParquetFile, type ParquetWriter } from './parquet/writer.ts';
import { objectName, type Partition, partitionOf } from './partition.ts';
import type { Store } from './store.ts';

/** Bytes of all rows held; above it the fullest partitions are written. */
const HELD_BYTES = 48 * 1024 * 1024;
/** What is held after that at most: little, since the rows that stay are copied. */
const HELD_AFTER_BYTES = HELD_BYTES / 4;
/** Partitions with as many bytes are written with the fullest ones: their rows are worth an object. */
const FULL_BYTES = 1024 * 1024;
/** What a partition takes beside its rows. */
const PARTITION_BYTES = 1_000;
/** Objects that are made at once. */
const OBJECTS_AT_ONCE = 32;

/** What was written for one lake source. */
export interface Written {
  objects: number;
  rows: number;
  /** Bytes of Parquet. */
  bytes: number;
}

/** The rows of all partitions of one class. */
interface ClassRows {
  readonly source: LakeSource;
  readonly writer: ParquetWriter;
  /** Of each row, epoch milliseconds. */
  times: number[];
  readonly partitions: Set<PartitionRows>;
  /** The same by account and day: joining the two to one key would take longer than looking up both. */
  readonly byAccount: Map<string, Map<string, PartitionRows>>;
}

/** The rows of one partition, by their numbers in the writer of their class. */
interface PartitionRows extends Partition {
  rows: number[];
  /** Bytes of memory they take, nearly. */
  bytes: number;
}

/**
 * Collects the rows of one raw object by lake partition and writes each as Parquet, ordered by time. What is held is
 * bounded, however many partitions there are.
 */
export interface LakeWriter {
  /** Takes valid rows of one class; a promise only where it writes. */
  add(className: ClassName, rows: readonly OcsfEvent[]): Promise<void> | undefined;
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
  const classes = new Map<ClassName, ClassRows>();
  const written = new Map<ClassName, Written>();
  /** How often objects were written before the end: the number that tells the objects of one partition apart. */
  let rounds = 0;

  function rowsOf(className: ClassName): ClassRows {
    const known = classes.get(className);
    if (known) return known;
    const compiled = program.classes[className];
    if (!compiled) throw new Error(`the class ${className} is not compiled`);
    const source = options.sources.find((candidate) => candidate.class === className);
    if (!source) throw new Error(`no lake source is deployed for the class ${className}`);
    const { columns, shred } = compiled;
    const writer = createParquetWriter({ columns, metadata }, shred);
    const all = { source, writer, times: [], partitions: new Set<PartitionRows>(), byAccount: new Map() };
    classes.set(className, all);
    return all;
  }

  function partitionIn({ partitions, byAccount }: ClassRows, row: OcsfEvent): PartitionRows {
    const { accountId, eventDay } = partitionOf(row);
    const days = byAccount.get(accountId) ?? new Map<string, PartitionRows>();
    const known = days.get(eventDay);
    if (known) return known;
    const partition = { accountId, eventDay, rows: [], bytes: PARTITION_BYTES };
    byAccount.set(accountId, days.set(eventDay, partition));
    partitions.add(partition);
    return partition;
  }

  function forget({ partitions, byAccount }: ClassRows, partition: PartitionRows): void {
    const { accountId, eventDay } = partition;
    const days = byAccount.get(accountId);
    days?.delete(eventDay);
    if (days?.size === 0) byAccount.delete(accountId);
    partitions.delete(partition);
  }

  function held(): number {
    let bytes = 0;
    for (const { writer, partitions } of classes.values())
      bytes += writer.heldBytes + partitions.size * PARTITION_BYTES;
    return bytes;
  }

  /** Writes the fullest partitions until little is held. */
  async function makeRoom(): Promise<void> {
    const all = [...classes.values()].flatMap(({ partitions }) => [...partitions]);
    let left = held();
    const full = new Set<PartitionRows>();
    for (const partition of all.sort((a, b) => b.bytes - a.bytes)) {
      if (left <= HELD_AFTER_BYTES && partition.bytes < FULL_BYTES) break;
      full.add(partition);
      left -= partition.bytes;
    }
    for (const [className, rows] of classes) await write(className, rows, full);
    rounds += 1;
  }

  /** Writes the partitions of a class that are among `full`, and keeps the rows of the others. */
  async function write(className: ClassName, rows: ClassRows, full: ReadonlySet<PartitionRows>): Promise<void> {
    const { writer, times, partitions, source } = rows;
    const due = [...partitions].filter((partition) => full.has(partition));
    for (let at = 0; at < due.length; at += OBJECTS_AT_ONCE) {
      const some = due.slice(at, at + OBJECTS_AT_ONCE);
      const files = writer.write(some.map(({ rows }) => ascending(rows, (row) => times[row] as number)));
      for (const [index, file] of files.entries()) {
        const { accountId, eventDay } = some[index] as PartitionRows;
        const folder = `region=${region}/accountId=${accountId}/eventDay=${eventDay}`;
        await store.putLake(source, `${folder}/${objectName(origin, rounds)}.parquet`, file.bytes);
        count(className, file);
      }
    }
    for (const partition of due) forget(rows, partition);
    keepOnly(rows);
  }

  /** Forgets the rows that belong to no partition any more. */
  function keepOnly(rows: ClassRows): void {
    const { writer, times, partitions } = rows;
    const kept = [...partitions].flatMap((partition) => partition.rows);
    if (kept.length === writer.rows) return;
    writer.keep(Uint32Array.from(kept));
    rows.times = kept.map((row) => times[row] as number);
    let next = 0;
    for (const partition of partitions) partition.rows = partition.rows.map(() => next++);
  }

  function count(className: ClassName, { rows, bytes }: ParquetFile): void {
    const total = written.get(className) ?? { objects: 0, rows: 0, bytes: 0 };
    total.objects += 1;
    total.rows += rows;
    total.bytes += bytes.byteLength;
    written.set(className, total);
  }

  return {
    add(className, rows) {
      const all = rowsOf(className);
      const { writer, times } = all;
      for (const row of rows) {
        const partition = partitionIn(all, row);
        const before = writer.heldBytes;
        partition.rows.push(writer.rows);
        times.push(row.time as number);
        writer.append(row);
        partition.bytes += writer.heldBytes - before;
      }
      return held() > HELD_BYTES ? makeRoom() : undefined;
    },
    async finish() {
      for (const [className, rows] of classes) await write(className, rows, new Set(rows.partitions));
      return written;
    },
  };
}
