// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { ByteBuffer } from './byte-buffer.ts';

/** The different texts of one chunk in the order they came: the dictionary page, and where each stands in it. */
export class TextDictionary {
  readonly values = new ByteBuffer(64);
  entries = 0;
  /** The entry of the text before, which is often the same: no hash is needed then. */
  #last: string | undefined;
  #lastEntry = 0;
  readonly #numbers = new Map<string, number>();
  readonly #starts: number[] = [0];
  /** For each entry, the number of the value it came with. */
  readonly #firstValues: number[] = [];

  /** The entry of a text, which is the chunk's value number `value`. */
  entry(text: string, value: number): number {
    if (text === this.#last) return this.#lastEntry;
    let entry = this.#numbers.get(text);
    if (entry === undefined) {
      entry = this.entries++;
      this.#numbers.set(text, entry);
      this.values.plainText(text);
      this.#starts.push(this.values.length);
      this.#firstValues.push(value);
    }
    this.#last = text;
    this.#lastEntry = entry;
    return entry;
  }

  /** Where the text of an entry starts, length prefix included; the entry after the last one is the end. */
  start(entry: number): number {
    return this.#starts[entry] as number;
  }

  /** How many entries the first `values` values of the chunk consist of. */
  entriesOf(values: number): number {
    let entries = this.entries;
    while (entries > 0 && (this.#firstValues[entries - 1] as number) >= values) entries--;
    return entries;
  }

  /** Forgets the entries from `entries` on. */
  truncate(entries: number): void {
    if (entries === this.entries) return;
    for (const [text, entry] of this.#numbers) if (entry >= entries) this.#numbers.delete(text);
    this.entries = entries;
    this.#starts.length = entries + 1;
    this.#firstValues.length = entries;
    this.values.length = this.start(entries);
    this.#last = undefined;
  }
}
