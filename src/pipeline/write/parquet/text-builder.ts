// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { LeafBuilder } from './leaf-builder.ts';
import type { Levels } from './levels.ts';
import { ChunkPages, type ColumnChunk, indexPages, plainPages } from './pages.ts';
import { PlainTexts } from './plain-texts.ts';
import { TextBounds } from './text-bounds.ts';
import { TextDictionary } from './text-dictionary.ts';

/** How many different texts a column needs before it is asked whether they repeat. */
const FIRST_LOOK = 512;
/** What a new text of a dictionary takes beside its bytes: the string itself and its place in a Map. */
const BYTES_PER_TEXT = 64;
/** Where a value begins, or the number of its text. */
const BYTES_PER_VALUE = 4;

/** Collects texts: as a dictionary while that pays, in full from the moment it does not. */
export class TextBuilder extends LeafBuilder {
  /** The texts of the dictionary, or those of all values. */
  #texts = new PlainTexts();
  #dictionary: TextDictionary | undefined = new TextDictionary(this.#texts);
  #nextLook = FIRST_LOOK;

  put(owner: number, value: unknown): void {
    if (typeof value !== 'string') this.unfit(this.leaf.label, 'text', value);
    this.presence.add(owner);
    const dictionary = this.#dictionary;
    let bytes = BYTES_PER_VALUE;
    if (dictionary === undefined) bytes += this.#texts.add(value);
    else if (dictionary.add(value)) {
      bytes += value.length * 2 + BYTES_PER_TEXT;
      if (dictionary.texts.count >= this.#nextLook) this.#look(dictionary);
    }
    this.tally.bytes += bytes;
  }

  protected keepNodes(kept: Uint32Array): void {
    this.#nextLook = FIRST_LOOK;
    if (this.#dictionary === undefined) {
      if (kept.length === 0) this.#texts.clear();
      else this.#texts = this.#texts.pick(kept);
    } else {
      this.#dictionary = this.#dictionary.pick(kept);
      this.#texts = this.#dictionary.texts;
    }
    this.tally.bytes += this.#texts.bytes + kept.length * BYTES_PER_VALUE;
  }

  /** Leaves the dictionary where its texts seldom repeat. */
  #look(dictionary: TextDictionary): void {
    const { count } = dictionary.texts;
    this.#nextLook = count * 2;
    if (count * 4 <= dictionary.count * 3) return;
    this.#texts = dictionary.spelledOut();
    this.#dictionary = undefined;
  }

  protected chunk(levels: Levels, values: Uint32Array): ColumnChunk {
    const texts = this.#texts;
    if (this.#dictionary === undefined) return this.#plainChunk(levels, texts, values);
    const numbers = this.#dictionary.textsOf(values);
    const { used, indices } = differing(numbers, texts.count);
    let bytes = 0;
    for (const number of used) bytes += texts.size(number);
    // A dictionary of texts that come once only adds its indices to them.
    if (used.length * 2 > numbers.length || bytes > this.space.limit) return this.#plainChunk(levels, texts, numbers);
    const pages = new ChunkPages(this.space);
    pages.dictionary(used.length, (body) => {
      for (const number of used) texts.write(body, number);
    });
    indexPages(pages, levels, indices, used.length);
    return pages.chunk(boundsOf(texts, used));
  }

  /** The texts with these numbers in full. */
  #plainChunk(levels: Levels, texts: PlainTexts, numbers: Uint32Array): ColumnChunk {
    const bytesOf = (value: number) => texts.size(numbers[value] as number);
    let bytes = 0;
    for (let value = 0; value < numbers.length; value++) bytes += bytesOf(value);
    const pages = new ChunkPages(this.space);
    plainPages(pages, levels, {
      count: numbers.length,
      bytes,
      bytesOf,
      write(body, from, to) {
        for (let value = from; value < to; value++) texts.write(body, numbers[value] as number);
      },
    });
    return pages.chunk(boundsOf(texts, numbers));
  }
}

/** The different numbers in the order they come, and for each number which of them it is. */
function differing(numbers: Uint32Array, below: number): { used: number[]; indices: Uint32Array } {
  const used: number[] = [];
  /** One more than the index, so that 0 says there is none. */
  const known = new Uint32Array(below);
  const indices = new Uint32Array(numbers.length);
  for (let value = 0; value < numbers.length; value++) {
    const number = numbers[value] as number;
    if (known[number] === 0) known[number] = used.push(number);
    indices[value] = (known[number] as number) - 1;
  }
  return { used, indices };
}

function boundsOf(texts: PlainTexts, numbers: Iterable<number>) {
  const bounds = new TextBounds();
  for (const number of numbers) texts.bound(bounds, number);
  return bounds.take();
}
