// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { Failure } from '../../../errors/failure.ts';
import { valueUnfit } from '../../../errors/parquet.ts';
import type { ColumnChunk } from './pages.ts';
import type { RowOrder } from './row-order.ts';

/** Where a shredder puts what it finds in a row: one sink per leaf, in the order of the schema. */
export interface ColumnSink {
  /** A value that is present. @throws Failure `valueUnfit` when it is not of the column's type */
  put(repetition: number, value: unknown): void;
  /** No value: the level tells which node of the path is null or empty. */
  none(repetition: number, definition: number): void;
  /** Reports a value on the way to the leaf that is not the struct, list or map it should be. */
  unfit(column: string, expected: string, value: unknown): never;
}

/** Takes one row apart. It throws at the first value that does not fit, and has then filled some of the sinks. */
export interface Shredder {
  (row: Readonly<Record<string, unknown>>, sinks: readonly ColumnSink[]): void;
  /** Which columns it was made for. */
  readonly signature: string;
}

/** What the columns of a writer hold together, kept up by the builders. */
export interface Tally {
  /** Bytes of memory that values and levels take, nearly. */
  bytes: number;
}

/** Collects the values of one leaf column. */
export interface ColumnBuilder extends ColumnSink {
  /** Encodes a chunk of each order of rows; what is held stays as it is. */
  chunks(orders: readonly RowOrder[]): ColumnChunk[];
  /** Keeps these rows alone; they are numbered anew, in the order given. */
  keep(order: RowOrder): void;
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
