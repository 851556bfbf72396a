// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Longest text that is copied character by character; above it the call into native code is cheaper. */
const SHORT_TEXT = 12;
/** Most bytes that are copied one by one, for the same reason. */
const SHORT_COPY = 32;

/** Bytes that grow at the end. Capacity doubles, and is kept when the buffer is cleared. */
export class ByteBuffer {
  bytes: Buffer;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `extra` more bytes. */
  ensure(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  byte(value: number): void {
    this.ensure(1);
    this.bytes[this.length++] = value;
  }

  uint32(value: number): void {
    this.ensure(4);
    this.length = this.bytes.writeUInt32LE(value, this.length);
  }

  /** An unsigned LEB128 number, up to 2^53 - 1. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  append(source: Uint8Array, from = 0, to = source.length): void {
    this.ensure(to - from);
    if (to - from > SHORT_COPY) this.bytes.set(source.subarray(from, to), this.length);
    else for (let at = from; at < to; at++) this.bytes[this.length + at - from] = source[at] as number;
    this.length += to - from;
  }

  /**
   * Appends text as Parquet's PLAIN encoding of a BYTE_ARRAY: byte count (4 bytes, little endian), then UTF-8.
   * A lone surrogate has no UTF-8 form and becomes U+FFFD. Returns the UTF-8 byte count.
   */
  plainText(text: string): number {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    this.ensure(4 + text.length * 3);
    const start = this.length + 4;
    const written = text.length <= SHORT_TEXT ? this.#shortText(text, start) : this.bytes.write(text, start);
    this.bytes.writeUInt32LE(written, start - 4);
    this.length = start + written;
    return written;
  }

  #shortText(text: string, start: number): number {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) return this.bytes.write(text, start);
      this.bytes[start + index] = unit;
    }
    return text.length;
  }

  /** What is held, without copying; valid until the next change. */
  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}
