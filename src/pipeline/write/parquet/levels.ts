// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ByteBuffer } from './byte-buffer.ts';
import type { RowOrder } from './row-order.ts';
import type { Leaf } from './schema.ts';

const FIRST_CAPACITY = 256;

/** How many entries and values stand before each row, and behind the last one. */
export interface RowStarts {
  /** Undefined where each entry is a row. */
  readonly entries: Uint32Array | undefined;
  /** Undefined where each entry is a value, or none is. */
  readonly values: Uint32Array | undefined;
}

/** Some rows of a column. */
export interface PickedRows {
  readonly levels: Levels;
  /** For each of their values, the number it has in the column. */
  readonly from: Uint32Array;
}

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
  rows = 0;
  /** Entries that are values. */
  values = 0;
  definitions: Uint8Array;
  repetitions: Uint8Array | undefined;

  constructor(leaf: Pick<Leaf, 'maxDefinition' | 'maxRepetition'>, capacity = FIRST_CAPACITY) {
    this.maxDefinition = leaf.maxDefinition;
    this.maxRepetition = leaf.maxRepetition;
    this.bytesPerEntry =
      hybridBytes(bitWidth(leaf.maxDefinition)) +
      (leaf.maxRepetition > 0 ? hybridBytes(bitWidth(leaf.maxRepetition)) : 0);
    this.definitions = new Uint8Array(capacity);
    this.repetitions = leaf.maxRepetition > 0 ? new Uint8Array(capacity) : undefined;
  }

  add(repetition: number, definition: number): void {
    if (this.count === this.definitions.length) this.#grow();
    this.definitions[this.count] = definition;
    if (this.repetitions !== undefined) this.repetitions[this.count] = repetition;
    if (repetition === 0) this.rows++;
    if (definition === this.maxDefinition) this.values++;
    this.count++;
  }

  /** Bytes of memory that the entries take. */
  get bytes(): number {
    return this.repetitions === undefined ? this.count : this.count * 2;
  }

  /** Forgets all entries; the room for them stays. */
  clear(): void {
    this.count = 0;
    this.rows = 0;
    this.values = 0;
  }

  startsRow(entry: number): boolean {
    return this.repetitions === undefined || this.repetitions[entry] === 0;
  }

  /** Where each row begins. */
  rowStarts(): RowStarts {
    const { count, rows, definitions, repetitions, maxDefinition } = this;
    const mixed = repetitions !== undefined || (this.values > 0 && this.values < count);
    const entries = repetitions && new Uint32Array(rows + 1).fill(count);
    const values = mixed ? new Uint32Array(rows + 1).fill(this.values) : undefined;
    if (values === undefined) return { entries, values };
    let row = 0;
    let value = 0;
    for (let entry = 0; entry < count; entry++) {
      if (repetitions === undefined || repetitions[entry] === 0) {
        if (entries !== undefined) entries[row] = entry;
        values[row++] = value;
      }
      if (definitions[entry] === maxDefinition) value++;
    }
    return { entries, values };
  }

  /** Some rows in the order given. */
  pick(order: RowOrder, { entries, values }: RowStarts): PickedRows {
    if (entries !== undefined && values !== undefined) return this.#pickLists(order, entries, values);
    const { definitions, maxDefinition } = this;
    const levels = new Levels(this, order.length);
    levels.count = order.length;
    levels.rows = order.length;
    for (let row = 0; row < order.length; row++) levels.definitions[row] = definitions[order[row] as number] as number;
    levels.values = this.values === 0 ? 0 : order.length;
    if (values === undefined) return { levels, from: order.subarray(0, levels.values) };
    const from = new Uint32Array(order.length);
    let picked = 0;
    for (const row of order) if (definitions[row] === maxDefinition) from[picked++] = values[row] as number;
    levels.values = picked;
    return { levels, from: from.subarray(0, picked) };
  }

  #pickLists(order: RowOrder, entries: Uint32Array, values: Uint32Array): PickedRows {
    const { definitions, maxDefinition } = this;
    const repetitions = this.repetitions as Uint8Array;
    let count = 0;
    for (const row of order) count += (entries[row + 1] as number) - (entries[row] as number);
    const levels = new Levels(this, count);
    const newRepetitions = levels.repetitions as Uint8Array;
    const from = new Uint32Array(count);
    let to = 0;
    let picked = 0;
    for (const row of order) {
      let value = values[row] as number;
      const end = entries[row + 1] as number;
      for (let entry = entries[row] as number; entry < end; entry++, to++) {
        const definition = definitions[entry] as number;
        if (definition === maxDefinition) from[picked++] = value++;
        newRepetitions[to] = repetitions[entry] as number;
        levels.definitions[to] = definition;
      }
    }
    levels.count = count;
    levels.rows = order.length;
    levels.values = picked;
    return { levels, from: from.subarray(0, picked) };
  }

  /** Appends the levels of the entries `from` to `to` as a data page (V1) begins with them. */
  encode(out: ByteBuffer, from: number, to: number): void {
    if (this.repetitions !== undefined) encodeSized(out, this.repetitions, from, to, bitWidth(this.maxRepetition));
    encodeSized(out, this.definitions, from, to, bitWidth(this.maxDefinition));
  }

  #grow(): void {
    this.definitions = grown(this.definitions);
    if (this.repetitions !== undefined) this.repetitions = grown(this.repetitions);
  }
}

/** The same numbers with room for as many more. */
export function grown<Numbers extends Uint8Array | Int32Array | Uint32Array | Float64Array>(numbers: Numbers): Numbers {
  const Larger = numbers.constructor as new (length: number) => Numbers;
  const larger = new Larger(Math.max(FIRST_CAPACITY, numbers.length * 2));
  larger.set(numbers);
  return larger;
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
