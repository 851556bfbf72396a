// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { grown, picked } from './numbers.ts';
import { PlainTexts } from './plain-texts.ts';

/** The values of a column as numbers of its different texts. */
export class TextDictionary {
  readonly texts: PlainTexts;
  /** How many values there are. */
  count = 0;
  #indices = new Uint32Array(64);
  readonly #numbers = new Map<string, number>();
  /** The texts by their numbers. */
  readonly #strings: string[] = [];
  /** For each text, the number of the one that followed when it came last. */
  readonly #followers: number[] = [];
  #last = 0;

  /** @param texts none as yet */
  constructor(texts = new PlainTexts()) {
    this.texts = texts;
  }

  /** Adds a value; true where its text is new. */
  add(text: string): boolean {
    if (this.count === this.#indices.length) this.#indices = grown(this.#indices);
    // Events are alike: most values are what followed the last time, and need no hash.
    const expected = this.#followers[this.#last] ?? 0;
    const known = text === this.#strings[expected] ? expected : this.#numbers.get(text);
    const number = known ?? this.#addText(text);
    this.#followers[this.#last] = number;
    this.#indices[this.count++] = number;
    this.#last = number;
    return known === undefined;
  }

  /** For values by their numbers, the numbers of their texts. */
  textsOf(from: Uint32Array): Uint32Array {
    return picked(this.#indices, from, new Uint32Array(from.length));
  }

  /** A dictionary of some values alone. */
  pick(from: Uint32Array): TextDictionary {
    const dictionary = new TextDictionary();
    const numbers = this.textsOf(from);
    const kept = new Uint8Array(this.texts.count);
    for (const number of numbers) kept[number] = 1;
    const renumbered = new Uint32Array(this.texts.count);
    for (const [number, text] of this.#strings.entries()) {
      if (kept[number] === 0) continue;
      renumbered[number] = dictionary.#addString(text);
      dictionary.texts.copy(this.texts, number);
    }
    dictionary.#indices = picked(renumbered, numbers, new Uint32Array(numbers.length));
    dictionary.count = numbers.length;
    return dictionary;
  }

  /** The values in full. */
  spelledOut(): PlainTexts {
    const values = new PlainTexts();
    for (let value = 0; value < this.count; value++) values.copy(this.texts, this.#indices[value] as number);
    return values;
  }

  #addText(text: string): number {
    this.texts.add(text);
    return this.#addString(text);
  }

  #addString(text: string): number {
    const number = this.#strings.length;
    this.#numbers.set(text, number);
    this.#strings.push(text);
    this.#followers.push(number);
    return number;
  }
}
