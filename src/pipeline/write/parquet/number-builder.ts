// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { ByteBuffer } from './byte-buffer.ts';
import { type ColumnBuilder, refuse, type Tally } from './column-builder.ts';
import { Levels, type RowStarts } from './levels.ts';
import type { FixedValues } from './number-values.ts';
import { ChunkPages, type ColumnChunk, indexPages, type PageSpace, pageEnds, START } from './pages.ts';
import type { RowOrder } from './row-order.ts';
import type { Leaf } from './schema.ts';

/** Collects values of a fixed size. Whether a dictionary pays is decided for each chunk. */
export class NumberBuilder implements ColumnBuilder {
  readonly #leaf: Leaf;
  readonly #space: PageSpace;
  readonly #tally: Tally;
  #values: FixedValues;
  #levels: Levels;

  constructor(leaf: Leaf, space: PageSpace, tally: Tally, values: FixedValues) {
    this.#leaf = leaf;
    this.#space = space;
    this.#tally = tally;
    this.#values = values;
    this.#levels = new Levels(leaf);
  }

  put(repetition: number, value: unknown): void {
    if (!this.#values.put(value)) this.unfit(this.#leaf.label, this.#values.expected, value);
    this.#levels.add(repetition, this.#leaf.maxDefinition);
    this.#tally.bytes += this.#values.bytesPerValue + 1;
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
    if (order.length === 0) {
      this.#levels.clear();
      this.#values.count = 0;
      return;
    }
    const { levels, from } = this.#levels.pick(order, this.#levels.rowStarts());
    this.#levels = levels;
    this.#values = this.#values.pick(from);
    this.#tally.bytes += levels.bytes + from.length * this.#values.bytesPerValue;
  }

  #chunk(order: RowOrder, starts: RowStarts): ColumnChunk {
    const { levels, from } = this.#levels.pick(order, starts);
    const values = this.#values.pick(from);
    const pages = new ChunkPages(this.#space);
    const dictionary = numberDictionary(values, this.#space.limit);
    if (dictionary === undefined) this.#writePlain(pages, levels, values);
    else {
      pages.dictionary(dictionary.entries, (body) => body.append(dictionary.bytes));
      indexPages(pages, levels, dictionary.indices, dictionary.entries);
    }
    return pages.chunk(values.bounds());
  }

  #writePlain(pages: ChunkPages, levels: Levels, values: FixedValues): void {
    const { bytesPerValue, count } = values;
    const end = { entry: levels.count, value: count, position: count * bytesPerValue };
    let from = START;
    for (const to of pageEnds(levels, this.#space.limit, () => bytesPerValue, end)) {
      const { value } = from;
      pages.plain(levels, from, to, (body) => values.write(body, value, to.value));
      from = to;
    }
  }
}

/** How many different values a column needs before it is asked whether they repeat. */
const FIRST_LOOK = 512;

/** The different values in PLAIN form, and which of them each value is; undefined when they seldom repeat. */
function numberDictionary(
  values: FixedValues,
  limit: number,
): { bytes: Uint8Array; entries: number; indices: Uint32Array } | undefined {
  const most = Math.min(values.count / 2, limit / values.bytesPerValue);
  const entries = new Map<number, number>();
  const bytes = new ByteBuffer();
  const indices = new Uint32Array(values.count);
  let last: number | undefined;
  let lastEntry = 0;
  for (let index = 0; index < values.count; index++) {
    const key = values.key(index);
    if (key === undefined) return undefined;
    if (key !== last) {
      lastEntry = entries.get(key) ?? entries.size;
      last = key;
      if (lastEntry === entries.size) {
        entries.set(key, lastEntry);
        if (entries.size > most || (entries.size === FIRST_LOOK && index < FIRST_LOOK * 1.5)) return undefined;
        values.write(bytes, index, index + 1);
      }
    }
    indices[index] = lastEntry;
  }
  return entries.size === 0 ? undefined : { bytes: bytes.view(), entries: entries.size, indices };
}
