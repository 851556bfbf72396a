// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { ByteBuffer } from './byte-buffer.ts';
import { type ColumnBuilder, refuse, type Tally } from './column-builder.ts';
import { Levels } from './levels.ts';
import type { FixedValues } from './number-values.ts';
import { ChunkPages, type ColumnChunk, type Cut, indexPages, pageEnds, START } from './pages.ts';
import type { RowOrder } from './row-order.ts';
import type { Leaf } from './schema.ts';

/** Collects values of a fixed size. Whether a dictionary pays is decided when the chunk is complete. */
export class NumberBuilder implements ColumnBuilder {
  readonly #leaf: Leaf;
  readonly #limit: number;
  readonly #tally: Tally;
  readonly #values: FixedValues;
  readonly #levels: Levels;
  readonly #pages = new ChunkPages();

  constructor(leaf: Leaf, limit: number, tally: Tally, values: FixedValues) {
    this.#tally = tally;
    this.#leaf = leaf;
    this.#limit = limit;
    this.#values = values;
    this.#levels = new Levels(leaf);
  }

  put(repetition: number, value: unknown): void {
    if (!this.#values.put(value)) this.unfit(this.#leaf.label, this.#values.expected, value);
    this.#levels.add(repetition, this.#leaf.maxDefinition);
    this.#tally.groupBytes += this.#values.bytesPerValue;
  }

  none(repetition: number, definition: number): void {
    this.#levels.add(repetition, definition);
  }

  unfit(column: string, expected: string, value: unknown): never {
    return refuse(column, expected, value);
  }

  rollback(rows: number): void {
    if (this.#levels.rows === rows) return;
    const row = this.#levels.lastRow;
    this.#values.count -= this.#levels.valuesFrom(row);
    this.#levels.dropRow(row);
  }

  finish(order?: RowOrder): ColumnChunk {
    const values = this.#values;
    if (order !== undefined) values.reorder(this.#levels.reorder(order));
    const end: Cut = { entry: this.#levels.count, value: values.count, position: values.count * values.bytesPerValue };
    const dictionary = numberDictionary(values, this.#limit);
    if (dictionary === undefined) this.#writePlain(end);
    else {
      this.#pages.dictionary(dictionary.bytes, dictionary.entries);
      indexPages(this.#pages, this.#levels, dictionary.indices, end, dictionary.entries, this.#limit);
    }
    const chunk = this.#pages.take(values.bounds());
    values.count = 0;
    this.#levels.clear();
    return chunk;
  }

  #writePlain(end: Cut): void {
    const { bytesPerValue } = this.#values;
    let from = START;
    for (const to of pageEnds(this.#levels, this.#limit, () => bytesPerValue, end)) {
      const { value } = from;
      this.#pages.plain(this.#levels, from, to, (body) => this.#values.write(body, value, to.value));
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
