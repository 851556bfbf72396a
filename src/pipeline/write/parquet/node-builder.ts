// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { Failure } from '../../../errors/failure.ts';
import { valueUnfit } from '../../../errors/parquet.ts';
import type { ColumnChunk } from './pages.ts';
import type { Places } from './places.ts';
import { type Found, NOTHING, Presence } from './presence.ts';

/**
 * Where a shredder puts what it finds in a row: one sink per column, struct, list and map, a node before those below
 * it. Nodes of a kind are numbered as they come, and rows too; what is null or absent is not put at all.
 */
export interface Sink {
  /** Reports a value that is not the struct, list or map it should be. */
  unfit(column: string, expected: string, value: unknown): never;
}

export interface ValueSink extends Sink {
  /** The value of a column in the node `owner`. @throws Failure `valueUnfit` when it is not of the column's type */
  put(owner: number, value: unknown): void;
}

export interface StructSink extends Sink {
  /** A struct in the node `owner`; returns the number of the struct. */
  add(owner: number): number;
}

export interface ListSink extends Sink {
  /** A list or map in the node `owner`; returns the number of its first item, from which the others are counted on. */
  add(owner: number, length: number): number;
}

/** Takes one row apart. It throws at the first value that does not fit, and has then filled some of the sinks. */
export interface Shredder {
  (row: Readonly<Record<string, unknown>>, number: number, sinks: readonly Sink[]): void;
  /** Which columns it was made for. */
  readonly signature: string;
}

/** What the columns of a writer hold together, kept up by the builders. */
export interface Tally {
  /** Bytes of memory that values and their owners take, nearly. */
  bytes: number;
}

/** What a node of the schema holds in one file. */
export interface InFile {
  /** The file, as the node above sees it. */
  readonly places: Places;
  readonly found: Found;
}

/** Collects what a node of the schema and those below it hold; columns, structs and lists each in their own way. */
export abstract class NodeBuilder implements Sink {
  protected readonly tally: Tally;
  protected readonly presence: Presence;

  constructor(tally: Tally) {
    this.tally = tally;
    this.presence = new Presence(tally);
  }

  /** The sinks of the node and of those below it. */
  abstract get sinks(): readonly Sink[];
  /** Encodes the columns where `found` says what is there; for each column, its chunk in each file. */
  protected abstract encode(files: readonly InFile[]): ColumnChunk[][];
  /** Keeps what these nodes hold, alone; there were `count` of them. */
  protected abstract keepNodes(kept: Uint32Array, count: number): void;

  unfit(column: string, expected: string, value: unknown): never {
    return refuse(column, expected, value);
  }

  /**
   * Encodes the columns; what is held stays as it is.
   * @param files where the values belong
   * @param owners how many nodes there are above
   * @returns for each column, its chunk in each file
   */
  chunks(files: readonly Places[], owners: number): ColumnChunk[][] {
    const nodes = files.map((places) => places.nodes);
    const found = this.presence.find(nodes, owners);
    return this.encode(files.map((places, index) => ({ places, found: found[index] as Found })));
  }

  /** Keeps what the nodes `some` have, alone; they are numbered anew, in the order given. */
  keep(some: Uint32Array, owners: number): void {
    const { count } = this.presence;
    const [kept = NOTHING] = this.presence.find([some], owners);
    this.presence.keep(kept);
    this.keepNodes(kept.numbers, count);
  }
}

/** @throws Failure always; it names the type of the value and never the value, which may be secret */
export function refuse(column: string, expected: string, value: unknown): never {
  throw new Failure(valueUnfit, { column, expected, found: kindOf(value) });
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'number':
      return kindOfNumber(value);
    case 'string':
      return 'text';
    case 'object':
      // The name of the class; an own property `constructor` would be part of the event.
      return `an object (${Object.getPrototypeOf(value)?.constructor.name ?? 'without prototype'})`;
    case 'undefined':
      return 'nothing';
    default:
      return `a ${typeof value}`;
  }
}

function kindOfNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (!Number.isInteger(value)) return 'a fraction';
  if (!Number.isSafeInteger(value)) return 'an integer beyond 53 bits';
  return (value | 0) === value ? 'an integer' : 'an integer beyond 32 bits';
}
