// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { ByteBuffer } from './byte-buffer.ts';

const TRUE = 1;
const FALSE = 2;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/**
 * Writes one struct in Thrift's compact protocol, the form of Parquet's page headers and footer. Fields are given in
 * ascending order of their ids.
 *
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export class ThriftWriter {
  readonly #out: ByteBuffer;
  #lastField = 0;

  constructor(out = new ByteBuffer()) {
    this.#out = out;
  }

  i32(field: number, value: number): void {
    this.#header(field, I32);
    this.#zigzag(value);
  }

  /** A 64-bit field; the value is an integer up to 2^52, as file offsets and counts are. */
  i64(field: number, value: number): void {
    this.#header(field, I64);
    this.#zigzag(value);
  }

  bool(field: number, value: boolean): void {
    this.#header(field, value ? TRUE : FALSE);
  }

  text(field: number, value: string): void {
    this.binary(field, Buffer.from(value));
  }

  binary(field: number, value: Uint8Array): void {
    this.#header(field, BINARY);
    this.#out.varint(value.length);
    this.#out.append(value);
  }

  struct(field: number, write: (struct: ThriftWriter) => void): void {
    this.#header(field, STRUCT);
    this.#nested(write);
  }

  structs<Item>(
    field: number,
    items: readonly Item[],
    write: (struct: ThriftWriter, item: Item, index: number) => void,
  ): void {
    this.#list(field, STRUCT, items.length);
    items.forEach((item, index) => {
      this.#nested((struct) => write(struct, item, index));
    });
  }

  i32s(field: number, items: readonly number[]): void {
    this.#list(field, I32, items.length);
    for (const item of items) this.#zigzag(item);
  }

  texts(field: number, items: readonly string[]): void {
    this.#list(field, BINARY, items.length);
    for (const item of items) {
      const bytes = Buffer.from(item);
      this.#out.varint(bytes.length);
      this.#out.append(bytes);
    }
  }

  /** Ends the struct and returns what it was written to. */
  end(): ByteBuffer {
    this.#out.byte(0);
    return this.#out;
  }

  #nested(write: (struct: ThriftWriter) => void): void {
    const struct = new ThriftWriter(this.#out);
    write(struct);
    struct.end();
  }

  #header(field: number, type: number): void {
    const delta = field - this.#lastField;
    this.#lastField = field;
    if (delta <= 15) {
      this.#out.byte((delta << 4) | type);
      return;
    }
    this.#out.byte(type);
    this.#zigzag(field);
  }

  #list(field: number, type: number, size: number): void {
    this.#header(field, LIST);
    if (size < 15) {
      this.#out.byte((size << 4) | type);
      return;
    }
    this.#out.byte(0xf0 | type);
    this.#out.varint(size);
  }

  #zigzag(value: number): void {
    this.#out.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }
}
