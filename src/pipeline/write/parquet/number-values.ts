// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ByteBuffer } from './byte-buffer.ts';
import { grown, picked } from './numbers.ts';
import type { Bound, Bounds } from './pages.ts';

/** The values of one column whose type has a fixed size, in the order they came. */
export interface FixedValues {
  /** What `put` takes, for messages. */
  readonly expected: string;
  readonly bytesPerValue: number;
  count: number;
  /** Takes a value; false when it does not fit. */
  put(value: unknown): boolean;
  /** A number that stands for the value in a dictionary; undefined when there is none. */
  key(index: number): number | undefined;
  /** Appends the values in PLAIN form. */
  write(out: ByteBuffer, from: number, to: number): void;
  bounds(): Bounds;
  /** The values with these numbers, in that order. */
  pick(from: Uint32Array): FixedValues;
}

const WORD = 2 ** 32;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

export class Int32Values implements FixedValues {
  readonly expected = 'an integer within 32 bits';
  readonly bytesPerValue = 4;
  count = 0;
  #values = new Int32Array(64);

  put(value: unknown): boolean {
    if (typeof value !== 'number' || (value | 0) !== value) return false;
    if (this.count === this.#values.length) this.#values = grown(this.#values);
    this.#values[this.count++] = value;
    return true;
  }

  key(index: number): number | undefined {
    return this.#values[index];
  }

  pick(from: Uint32Array): Int32Values {
    const values = new Int32Values();
    values.#values = picked(this.#values, from, new Int32Array(from.length));
    values.count = from.length;
    return values;
  }

  write(out: ByteBuffer, from: number, to: number): void {
    out.append(bytesOf(this.#values.subarray(from, to)));
  }

  bounds(): Bounds {
    const values = this.#values;
    let min = 0;
    let max = 0;
    for (let index = 1; index < this.count; index++) {
      const value = values[index] as number;
      if (value < (values[min] as number)) min = index;
      else if (value > (values[max] as number)) max = index;
    }
    return this.count === 0 ? {} : exact(values.slice(min, min + 1), values.slice(max, max + 1));
  }
}

/** 64-bit integers as pairs of words, low word first: that is their PLAIN form. */
export class Int64Values implements FixedValues {
  readonly expected: string;
  readonly bytesPerValue = 8;
  count = 0;
  #words = new Int32Array(128);
  readonly #timestamps: boolean;

  /** @param timestamps whether RFC 3339 text is taken too, as milliseconds since 1970 */
  constructor(timestamps: boolean) {
    this.#timestamps = timestamps;
    this.expected = timestamps ? 'milliseconds or an RFC 3339 date and time' : 'an integer within 64 bits';
  }

  put(value: unknown): boolean {
    if (typeof value === 'number') return this.#number(value);
    if (typeof value === 'bigint') {
      if (BigInt.asIntN(64, value) !== value) return false;
      this.#words64(Number(BigInt.asIntN(32, value)), Number(value >> 32n));
      return true;
    }
    return this.#timestamps && typeof value === 'string' && RFC_3339.test(value) && this.#number(Date.parse(value));
  }

  pick(from: Uint32Array): Int64Values {
    const values = new Int64Values(this.#timestamps);
    values.#words = picked(this.#words, from, new Int32Array(from.length * 2), 2);
    values.count = from.length;
    return values;
  }

  key(index: number): number | undefined {
    const value = this.#high(index) * WORD + this.#low(index);
    return Number.isSafeInteger(value) ? value : undefined;
  }

  write(out: ByteBuffer, from: number, to: number): void {
    out.append(bytesOf(this.#words.subarray(from * 2, to * 2)));
  }

  bounds(): Bounds {
    let min = 0;
    let max = 0;
    for (let index = 1; index < this.count; index++) {
      if (this.#less(index, min)) min = index;
      else if (this.#less(max, index)) max = index;
    }
    if (this.count === 0) return {};
    return exact(this.#words.slice(min * 2, min * 2 + 2), this.#words.slice(max * 2, max * 2 + 2));
  }

  #number(value: number): boolean {
    if (!Number.isSafeInteger(value)) return false;
    this.#words64(value | 0, Math.floor(value / WORD));
    return true;
  }

  #words64(low: number, high: number): void {
    const at = this.count * 2;
    if (at === this.#words.length) this.#words = grown(this.#words);
    this.#words[at] = low;
    this.#words[at + 1] = high;
    this.count++;
  }

  #high(index: number): number {
    return this.#words[index * 2 + 1] as number;
  }

  #low(index: number): number {
    return (this.#words[index * 2] as number) >>> 0;
  }

  #less(left: number, right: number): boolean {
    const difference = this.#high(left) - this.#high(right);
    return difference < 0 || (difference === 0 && this.#low(left) < this.#low(right));
  }
}

export class DoubleValues implements FixedValues {
  readonly expected = 'a number';
  readonly bytesPerValue = 8;
  count = 0;
  #values = new Float64Array(64);

  put(value: unknown): boolean {
    if (typeof value !== 'number') return false;
    if (this.count === this.#values.length) this.#values = grown(this.#values);
    this.#values[this.count++] = value;
    return true;
  }

  pick(from: Uint32Array): DoubleValues {
    const values = new DoubleValues();
    values.#values = picked(this.#values, from, new Float64Array(from.length));
    values.count = from.length;
    return values;
  }

  /** Fractions seldom repeat, and a dictionary would take -0 for 0. */
  key(): undefined {
    return undefined;
  }

  write(out: ByteBuffer, from: number, to: number): void {
    out.append(bytesOf(this.#values.subarray(from, to)));
  }

  /** @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift ColumnOrder, on NaN and zero */
  bounds(): Bounds {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (const value of this.#values.subarray(0, this.count)) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (min > max) return {};
    return exact(Float64Array.of(min === 0 ? -0 : min), Float64Array.of(max === 0 ? 0 : max));
  }
}

export class BooleanValues implements FixedValues {
  readonly expected = 'true or false';
  readonly bytesPerValue = 1 / 8;
  count = 0;
  #values = new Uint8Array(64);

  put(value: unknown): boolean {
    if (typeof value !== 'boolean') return false;
    if (this.count === this.#values.length) this.#values = grown(this.#values);
    this.#values[this.count++] = value ? 1 : 0;
    return true;
  }

  pick(from: Uint32Array): BooleanValues {
    const values = new BooleanValues();
    values.#values = picked(this.#values, from, new Uint8Array(from.length));
    values.count = from.length;
    return values;
  }

  key(): undefined {
    return undefined;
  }

  write(out: ByteBuffer, from: number, to: number): void {
    for (let index = from; index < to; index += 8) {
      let bits = 0;
      for (let bit = 0; bit < 8 && index + bit < to; bit++) bits |= (this.#values[index + bit] as number) << bit;
      out.byte(bits);
    }
  }

  bounds(): Bounds {
    if (this.count === 0) return {};
    const values = this.#values.subarray(0, this.count);
    return exact(Uint8Array.of(values.includes(0) ? 0 : 1), Uint8Array.of(values.includes(1) ? 1 : 0));
  }
}

/** PLAIN is little-endian, as memory is on x86-64 and arm64. */
function bytesOf(values: Int32Array | Float64Array | Uint8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function exact(min: Int32Array | Float64Array | Uint8Array, max: Int32Array | Float64Array | Uint8Array): Bounds {
  const bound = (value: Int32Array | Float64Array | Uint8Array): Bound => ({ bytes: bytesOf(value), exact: true });
  return { min: bound(min), max: bound(max) };
}
