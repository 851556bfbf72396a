// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type ColumnBuilder, refuse, type Tally } from './column-builder.ts';
import { Levels, type RowStarts } from './levels.ts';
import { ChunkPages, type ColumnChunk, indexPages, type PageSpace, pageEnds, START } from './pages.ts';
import { PlainTexts } from './plain-texts.ts';
import type { RowOrder } from './row-order.ts';
import type { Leaf } from './schema.ts';
import { TextBounds } from './text-bounds.ts';
import { TextDictionary } from './text-dictionary.ts';

/** How many different texts a column needs before it is asked whether they repeat. */
const FIRST_LOOK = 512;
/** What a new text of a dictionary takes beside its bytes: the string itself and its place in a Map. */
const BYTES_PER_TEXT = 64;
/** Where a value begins, or the number of its text, and its levels. */
const BYTES_PER_VALUE = 5;

/** Collects texts: as a dictionary while that pays, in full from the moment it does not. */
export class TextBuilder implements ColumnBuilder {
  readonly #leaf: Leaf;
  readonly #space: PageSpace;
  readonly #tally: Tally;
  #levels: Levels;
  #values: TextDictionary | PlainTexts = new TextDictionary();
  #nextLook = FIRST_LOOK;

  constructor(leaf: Leaf, space: PageSpace, tally: Tally) {
    this.#leaf = leaf;
    this.#space = space;
    this.#tally = tally;
    this.#levels = new Levels(leaf);
  }

  put(repetition: number, value: unknown): void {
    if (typeof value !== 'string') this.unfit(this.#leaf.label, 'text', value);
    this.#levels.add(repetition, this.#leaf.maxDefinition);
    this.#tally.bytes += BYTES_PER_VALUE;
    const values = this.#values;
    if (values instanceof PlainTexts) {
      this.#tally.bytes += values.add(value);
    } else if (values.add(value)) {
      this.#tally.bytes += value.length * 2 + BYTES_PER_TEXT;
      if (values.texts.count >= this.#nextLook) this.#look(values);
    }
  }

  none(repetition: number, definition: number): void {
    this.#levels.add(repetition, definition);
    this.#tally.bytes += 1;
  }

  unfit(column: string, expected: string, value: unknown): never {
    return refuse(column, expected, value);
  }

  chunks(orders: readonly RowOrder[]): ColumnChunk[] {
    const starts = this.#levels.rowStarts();
    return orders.map((order) => this.#chunk(order, starts));
  }

  keep(order: RowOrder): void {
    this.#nextLook = FIRST_LOOK;
    if (order.length === 0) {
      this.#levels.clear();
      if (this.#values instanceof PlainTexts) this.#values.clear();
      else this.#values = new TextDictionary();
      return;
    }
    const { levels, from } = this.#levels.pick(order, this.#levels.rowStarts());
    this.#levels = levels;
    this.#values = this.#values.pick(from);
    const texts = this.#values instanceof PlainTexts ? this.#values : this.#values.texts;
    this.#tally.bytes += levels.bytes + texts.bytes + from.length * BYTES_PER_VALUE;
  }

  /** Leaves the dictionary where its texts seldom repeat. */
  #look(dictionary: TextDictionary): void {
    const { count } = dictionary.texts;
    this.#nextLook = count * 2;
    if (count * 4 > dictionary.count * 3) this.#values = dictionary.spelledOut();
  }

  #chunk(order: RowOrder, starts: RowStarts): ColumnChunk {
    const { levels, from } = this.#levels.pick(order, starts);
    const values = this.#values;
    if (values instanceof PlainTexts) return this.#plainChunk(levels, values, from);
    const { texts } = values;
    const numbers = values.textsOf(from);
    const { used, indices } = differing(numbers, texts.count);
    let bytes = 0;
    for (const number of used) bytes += texts.size(number);
    // A dictionary of texts that come once only adds its indices to them.
    if (used.length === 0 || used.length * 2 > numbers.length || bytes > this.#space.limit) {
      return this.#plainChunk(levels, texts, numbers);
    }
    const pages = new ChunkPages(this.#space);
    pages.dictionary(used.length, (body) => {
      for (const number of used) texts.write(body, number);
    });
    indexPages(pages, levels, indices, used.length);
    return pages.chunk(boundsOf(texts, used));
  }

  /** The texts with these numbers in full. */
  #plainChunk(levels: Levels, texts: PlainTexts, numbers: Uint32Array): ColumnChunk {
    const bytesOf = (value: number) => texts.size(numbers[value] as number);
    const end = { entry: levels.count, value: numbers.length, position: 0 };
    for (let value = 0; value < numbers.length; value++) end.position += bytesOf(value);
    const pages = new ChunkPages(this.#space);
    let from = START;
    for (const to of pageEnds(levels, this.#space.limit, bytesOf, end)) {
      const page = numbers.subarray(from.value, to.value);
      pages.plain(levels, from, to, (body) => {
        for (const number of page) texts.write(body, number);
      });
      from = to;
    }
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
