// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ByteBuffer } from './byte-buffer.ts';
import type { RowOrder } from './row-order.ts';
import type { Leaf } from './schema.ts';

const FIRST_CAPACITY = 256;

/**
 * Definition and repetition levels of a leaf column, one entry per value or null. A column under no list or map has
 * no repetition levels: each entry is a row.
 */
export class Levels {
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  /** Most bytes one entry takes in a page, both levels together. */
  readonly bytesPerEntry: number;
  count = 0;
  definitions = new Uint8Array(FIRST_CAPACITY);
  repetitions: Uint8Array | undefined;
  /** Rows begun, counted where a row is not an entry. */
  #begun = 0;
  #shifted = 0;

  constructor(leaf: Pick<Leaf, 'maxDefinition' | 'maxRepetition'>) {
    this.maxDefinition = leaf.maxDefinition;
    this.maxRepetition = leaf.maxRepetition;
    this.bytesPerEntry =
      hybridBytes(bitWidth(leaf.maxDefinition)) +
      (leaf.maxRepetition > 0 ? hybridBytes(bitWidth(leaf.maxRepetition)) : 0);
    this.repetitions = leaf.maxRepetition > 0 ? new Uint8Array(FIRST_CAPACITY) : undefined;
  }

  add(repetition: number, definition: number): void {
    if (this.count === this.definitions.length) this.#grow();
    this.definitions[this.count] = definition;
    if (this.repetitions !== undefined) {
      this.repetitions[this.count] = repetition;
      if (repetition === 0) this.#begun++;
    }
    this.count++;
  }

  startsRow(entry: number): boolean {
    return this.repetitions === undefined || this.repetitions[entry] === 0;
  }

  /** How many rows have begun in this chunk. */
  get rows(): number {
    return this.repetitions === undefined ? this.#shifted + this.count : this.#begun;
  }

  /** The entry the last row begins with; meaningless when there is no entry. */
  get lastRow(): number {
    let entry = this.count - 1;
    while (entry > 0 && !this.startsRow(entry)) entry--;
    return entry;
  }

  /** How many of the entries from `from` on hold a value. */
  valuesFrom(from: number): number {
    let values = 0;
    for (let entry = from; entry < this.count; entry++) if (this.definitions[entry] === this.maxDefinition) values++;
    return values;
  }

  /** Forgets the last row, whose first entry is `entry`. */
  dropRow(entry: number): void {
    this.count = entry;
    this.#begun--;
  }

  /** Takes the entries from `from` on out, for them to be added again, and drops the ones before. */
  takeFrom(from: number): { readonly definitions: Uint8Array; readonly repetitions: Uint8Array | undefined } {
    const definitions = this.definitions.slice(from, this.count);
    const repetitions = this.repetitions?.slice(from, this.count);
    if (repetitions !== undefined) for (const repetition of repetitions) if (repetition === 0) this.#begun--;
    this.#shifted += from;
    this.count = 0;
    return { definitions, repetitions };
  }

  /** Makes room for the next chunk. */
  clear(): void {
    this.count = 0;
    this.#begun = 0;
    this.#shifted = 0;
  }

  /** Drops the first `entries`. */
  shift(entries: number): void {
    this.definitions.copyWithin(0, entries, this.count);
    this.repetitions?.copyWithin(0, entries, this.count);
    this.count -= entries;
    this.#shifted += entries;
  }

  /**
   * Puts the rows, all of which are held, in another order.
   * @returns for each value of the new order, which one it was
   */
  reorder(order: RowOrder): Uint32Array {
    const { definitions, repetitions, maxDefinition } = this;
    const [entries, values] = this.#rowStarts(order.length);
    const from = new Uint32Array(values[order.length] as number);
    const newDefinitions = new Uint8Array(definitions.length);
    const newRepetitions = repetitions && new Uint8Array(repetitions.length);
    let to = 0;
    let valueTo = 0;
    for (const row of order) {
      let value = values[row] as number;
      const end = entries[row + 1] as number;
      for (let entry = entries[row] as number; entry < end; entry++) {
        const definition = definitions[entry] as number;
        if (newRepetitions && repetitions) newRepetitions[to] = repetitions[entry] as number;
        newDefinitions[to++] = definition;
        if (definition === maxDefinition) from[valueTo++] = value++;
      }
    }
    this.definitions = newDefinitions;
    this.repetitions = newRepetitions;
    return from;
  }

  /** The first entry and the first value of each row, with the end behind them. */
  #rowStarts(rows: number): readonly [entries: Uint32Array, values: Uint32Array] {
    const entries = new Uint32Array(rows + 1);
    const values = new Uint32Array(rows + 1);
    let row = 0;
    let value = 0;
    for (let entry = 0; entry < this.count; entry++) {
      if (this.startsRow(entry)) {
        entries[row] = entry;
        values[row++] = value;
      }
      if (this.definitions[entry] === this.maxDefinition) value++;
    }
    entries[rows] = this.count;
    values[rows] = value;
    return [entries, values];
  }

  /** Appends the levels of the entries `from` to `to` as a data page (V1) begins with them. */
  encode(out: ByteBuffer, from: number, to: number): void {
    if (this.repetitions !== undefined) encodeSized(out, this.repetitions, from, to, bitWidth(this.maxRepetition));
    encodeSized(out, this.definitions, from, to, bitWidth(this.maxDefinition));
  }

  #grow(): void {
    this.definitions = doubled(this.definitions, new Uint8Array(this.definitions.length * 2));
    if (this.repetitions === undefined) return;
    this.repetitions = doubled(this.repetitions, new Uint8Array(this.repetitions.length * 2));
  }
}

/** Copies `from` into the larger `to`. */
export function doubled<Numbers extends Uint8Array | Int32Array | Uint32Array | Float64Array>(
  from: Numbers,
  to: Numbers,
): Numbers {
  to.set(from);
  return to;
}

/** Bits that hold every number up to `max`. */
export function bitWidth(max: number): number {
  return 32 - Math.clz32(max);
}

/** Most bytes a value of `width` bits takes in `encodeHybrid`'s form, run headers included. */
export function hybridBytes(width: number): number {
  return (width + 2) / 8;
}

function encodeSized(out: ByteBuffer, values: Uint8Array, from: number, to: number, width: number): void {
  const start = out.length;
  out.uint32(0);
  encodeHybrid(out, values, from, to, width);
  out.bytes.writeUInt32LE(out.length - start - 4, start);
}

/**
 * Appends values in Parquet's hybrid of run lengths and bit packing. `width` is at most 24.
 *
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#run-length-encoding--bit-packing-hybrid-rle--3
 */
export function encodeHybrid(
  out: ByteBuffer,
  values: Uint8Array | Uint32Array,
  from: number,
  to: number,
  width: number,
): void {
  let packedFrom = from;
  let at = from;
  while (at < to) {
    const value = values[at];
    let end = at + 1;
    while (end < to && values[end] === value) end++;
    if (end - at < 8) {
      // Bit packing goes by groups of eight; the last one may reach beyond the values.
      at += 8;
      continue;
    }
    pack(out, values, packedFrom, at, width);
    out.varint((end - at) * 2);
    for (let shift = 0; shift < width; shift += 8) out.byte(((value as number) >>> shift) & 0xff);
    at = end;
    packedFrom = end;
  }
  pack(out, values, packedFrom, to, width);
}

function pack(out: ByteBuffer, values: Uint8Array | Uint32Array, from: number, to: number, width: number): void {
  if (from >= to) return;
  const groups = Math.ceil((to - from) / 8);
  out.varint(groups * 2 + 1);
  out.ensure(groups * width);
  const { bytes } = out;
  let position = out.length;
  let held = 0;
  let bits = 0;
  for (let index = from; index < from + groups * 8; index++) {
    if (index < to) held |= (values[index] as number) << bits;
    bits += width;
    while (bits >= 8) {
      bytes[position++] = held & 0xff;
      held >>>= 8;
      bits -= 8;
    }
  }
  out.length = position;
}
