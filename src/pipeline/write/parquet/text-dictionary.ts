// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { grown } from './levels.ts';
import { PlainTexts } from './plain-texts.ts';
import { picked } from './row-order.ts';

/** The values of a column as numbers of its different texts. */
export class TextDictionary {
  readonly texts = new PlainTexts();
  /** How many values there are. */
  count = 0;
  #indices = new Uint32Array(64);
  readonly #numbers = new Map<string, number>();
  /** The text before, which is often the same: no hash is needed then. */
  #last: string | undefined;
  #lastNumber = 0;

  /** Adds a value; true where its text is new. */
  add(text: string): boolean {
    if (this.count === this.#indices.length) this.#indices = grown(this.#indices);
    const isNew = text !== this.#last && this.#look(text);
    this.#indices[this.count++] = this.#lastNumber;
    return isNew;
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
    // The texts of a Map come in the order in which they were added.
    for (const [text, number] of this.#numbers) {
      if (kept[number] === 0) continue;
      renumbered[number] = dictionary.texts.count;
      dictionary.#numbers.set(text, dictionary.texts.count);
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

  #look(text: string): boolean {
    const known = this.#numbers.get(text);
    this.#last = text;
    this.#lastNumber = known ?? this.texts.count;
    if (known !== undefined) return false;
    this.#numbers.set(text, this.texts.count);
    this.texts.add(text);
    return true;
  }
}
