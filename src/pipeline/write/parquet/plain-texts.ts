// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { ByteBuffer } from './byte-buffer.ts';
import { grown } from './numbers.ts';
import type { TextBounds } from './text-bounds.ts';

/** Texts one after the other, each in the PLAIN encoding of Parquet. */
export class PlainTexts {
  count = 0;
  readonly #buffer = new ByteBuffer(64);
  /** Where each text begins, and where the last one ends. */
  #starts = new Uint32Array(64);

  get bytes(): number {
    return this.#buffer.length;
  }

  /** Returns how many bytes the text takes. */
  add(text: string): number {
    const bytes = this.#buffer.plainText(text);
    this.#end();
    return bytes + 4;
  }

  /** Adds a text of others. */
  copy(texts: PlainTexts, number: number): void {
    texts.write(this.#buffer, number);
    this.#end();
  }

  /** Forgets all texts; the room for them stays. */
  clear(): void {
    this.count = 0;
    this.#buffer.length = 0;
  }

  /** Some of the texts alone, in that order. */
  pick(numbers: Uint32Array): PlainTexts {
    const texts = new PlainTexts();
    for (const number of numbers) texts.copy(this, number);
    return texts;
  }

  /** Bytes of a text as it is written. */
  size(number: number): number {
    return (this.#starts[number + 1] as number) - (this.#starts[number] as number);
  }

  write(out: ByteBuffer, number: number): void {
    out.append(this.#buffer.bytes, this.#starts[number], this.#starts[number + 1]);
  }

  /** Takes a text into account in `bounds`. */
  bound(bounds: TextBounds, number: number): void {
    bounds.add(this.#buffer.bytes, (this.#starts[number] as number) + 4, this.#starts[number + 1] as number);
  }

  #end(): void {
    this.count++;
    if (this.count === this.#starts.length) this.#starts = grown(this.#starts);
    this.#starts[this.count] = this.#buffer.length;
  }
}
