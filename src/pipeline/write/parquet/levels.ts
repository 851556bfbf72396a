// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ByteBuffer } from './byte-buffer.ts';
import type { Leaf } from './schema.ts';

/** Repetition levels of all entries of some columns: their encoded form is kept, since the columns have it in common. */
export class Repetitions {
  readonly levels: Uint8Array;
  #known: { readonly from: number; readonly to: number; readonly bytes: Uint8Array } | undefined;

  constructor(levels: Uint8Array) {
    this.levels = levels;
  }

  /** Appends the levels of the entries `from` to `to`; `width` is the same for all columns. */
  encode(out: ByteBuffer, from: number, to: number, width: number): void {
    if (this.#known?.from === from && this.#known.to === to) {
      out.append(this.#known.bytes);
      return;
    }
    const start = out.length;
    encodeSized(out, this.levels, from, to, width);
    this.#known = { from, to, bytes: new Uint8Array(out.bytes.subarray(start, out.length)) };
  }
}

/**
 * Definition and repetition levels of a leaf column in one file, one entry per value or null. A column under no list
 * or map has no repetition levels: each entry is a row.
 */
export class Levels {
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  /** Most bytes one entry takes in a page, both levels together. */
  readonly bytesPerEntry: number;
  readonly definitions: Uint8Array;
  readonly repetitions: Repetitions | undefined;

  constructor(
    leaf: Pick<Leaf, 'maxDefinition' | 'maxRepetition'>,
    definitions: Uint8Array,
    repetitions: Repetitions | undefined,
  ) {
    this.maxDefinition = leaf.maxDefinition;
    this.maxRepetition = leaf.maxRepetition;
    this.bytesPerEntry =
      hybridBytes(bitWidth(leaf.maxDefinition)) +
      (leaf.maxRepetition > 0 ? hybridBytes(bitWidth(leaf.maxRepetition)) : 0);
    this.definitions = definitions;
    this.repetitions = repetitions;
  }

  get count(): number {
    return this.definitions.length;
  }

  startsRow(entry: number): boolean {
    return this.repetitions === undefined || this.repetitions.levels[entry] === 0;
  }

  /** Appends the levels of the entries `from` to `to` as a data page (V1) begins with them. */
  encode(out: ByteBuffer, from: number, to: number): void {
    this.repetitions?.encode(out, from, to, bitWidth(this.maxRepetition));
    encodeSized(out, this.definitions, from, to, bitWidth(this.maxDefinition));
  }
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

/** Widest values of which eight fit into the 32 bits that engines calculate with at once. */
const NARROW = 4;

function pack(out: ByteBuffer, values: Uint8Array | Uint32Array, from: number, to: number, width: number): void {
  if (from >= to) return;
  const groups = Math.ceil((to - from) / 8);
  out.varint(groups * 2 + 1);
  out.ensure(groups * width);
  const whole = width > NARROW ? from : to - ((to - from) % 8);
  packNarrow(out, values, from, whole, width);
  const { bytes } = out;
  let position = out.length;
  let held = 0;
  let bits = 0;
  for (let index = whole; index < from + groups * 8; index++) {
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

/** Packs whole groups of eight. */
function packNarrow(out: ByteBuffer, values: Uint8Array | Uint32Array, from: number, to: number, width: number): void {
  const { bytes } = out;
  let position = out.length;
  for (let index = from; index < to; index += 8) {
    let held = 0;
    for (let part = 7; part >= 0; part--) held = (held << width) | (values[index + part] as number);
    for (let shift = 0; shift < width; shift++) bytes[position++] = held >>> (shift * 8);
  }
  out.length = position;
}
