// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { ByteBuffer } from './byte-buffer.ts';
import { type ColumnBuilder, refuse, type Tally } from './column-builder.ts';
import { doubled, Levels } from './levels.ts';
import { ChunkPages, type ColumnChunk, type Cut, indexPages, pageBytes, pageEnds, START } from './pages.ts';
import { picked, type RowOrder } from './row-order.ts';
import type { Leaf } from './schema.ts';
import { TextBounds } from './text-bounds.ts';
import { TextDictionary } from './text-dictionary.ts';

/** How many different texts a column needs before it is asked whether they repeat. */
const FIRST_LOOK = 512;

/**
 * Collects texts. They go into a dictionary while it pays; from the moment it does not, the rest of the chunk is
 * PLAIN: encoded when it is put, and compressed as soon as a page is full, so that no more than a page is held.
 * Where the rows are still to be ordered the chunk is held whole, and is all dictionary or all PLAIN.
 */
export class TextBuilder implements ColumnBuilder {
  readonly #leaf: Leaf;
  readonly #limit: number;
  readonly #tally: Tally;
  readonly #pages = new ChunkPages();
  readonly #bounds = new TextBounds();
  readonly #levels: Levels;
  #dictionary: TextDictionary | undefined = new TextDictionary();
  /** Whether the column's texts repeated when they were last looked at; if not, the next chunk has no dictionary. */
  #repeats = true;
  #nextLook = FIRST_LOOK;
  /** While there is a dictionary: the entry of each value. */
  #indices = new Uint32Array(64);
  /** Values held, in `#indices` or in `#plain`. */
  #values = 0;
  #plain = new ByteBuffer(64);
  /** Nothing is written before the chunk is complete. */
  readonly #whole: boolean;

  constructor(leaf: Leaf, limit: number, tally: Tally, whole: boolean) {
    this.#leaf = leaf;
    this.#whole = whole;
    this.#limit = limit;
    this.#tally = tally;
    this.#levels = new Levels(leaf);
  }

  put(repetition: number, value: unknown): void {
    if (typeof value !== 'string') this.unfit(this.#leaf.label, 'text', value);
    if (repetition === 0) this.#startRow();
    this.#levels.add(repetition, this.#leaf.maxDefinition);
    const dictionary = this.#dictionary;
    if (dictionary === undefined) {
      const bytes = this.#plain.plainText(value);
      this.#values++;
      this.#tally.textBytes += bytes;
      this.#tally.groupBytes += bytes + 4;
      return;
    }
    if (this.#values === this.#indices.length) {
      this.#indices = doubled(this.#indices, new Uint32Array(this.#values * 2));
    }
    const before = dictionary.values.length;
    const entry = dictionary.entry(value, this.#values);
    this.#indices[this.#values++] = entry;
    this.#tally.textBytes += dictionary.start(entry + 1) - dictionary.start(entry) - 4;
    this.#tally.groupBytes += dictionary.values.length - before + 2;
  }

  none(repetition: number, definition: number): void {
    if (repetition === 0) this.#startRow();
    this.#levels.add(repetition, definition);
  }

  unfit(column: string, expected: string, value: unknown): never {
    return refuse(column, expected, value);
  }

  rollback(rows: number): void {
    if (this.#levels.rows === rows) return;
    const row = this.#lastRow();
    this.#levels.dropRow(row.entry);
    this.#values = row.value;
    this.#plain.length = row.position;
    this.#dictionary?.truncate(this.#dictionary.entriesOf(row.value));
  }

  finish(order?: RowOrder): ColumnChunk {
    this.#startRow();
    if (order !== undefined) this.#reorder(this.#levels.reorder(order));
    const dictionary = this.#dictionary;
    // A dictionary of texts that come once only adds its indices to them.
    if (dictionary !== undefined && this.#values > 0 && dictionary.entries * 2 <= this.#values) {
      this.#writeDictionary(dictionary, this.#end());
    } else {
      if (dictionary !== undefined) this.#leaveDictionary(dictionary, START);
      this.#drain(true);
    }
    this.#levels.clear();
    this.#values = 0;
    this.#dictionary = this.#repeats ? new TextDictionary() : undefined;
    this.#nextLook = FIRST_LOOK;
    return this.#pages.take(this.#bounds.take());
  }

  /** What is due between two rows. It is done at the start of a row, when the row before is known to stay. */
  #startRow(): void {
    const dictionary = this.#dictionary;
    if (dictionary === undefined) {
      if (this.#overfull) this.#drain(false);
      return;
    }
    const full = dictionary.values.length > this.#limit;
    if (!full && dictionary.entries < this.#nextLook) return;
    this.#nextLook = dictionary.entries * 2;
    this.#repeats = dictionary.entries * 4 <= this.#values * 3;
    if (!this.#repeats) this.#leaveDictionary(dictionary, START);
    else if (full) this.#leaveDictionary(dictionary, this.#whole ? START : this.#lastRow());
  }

  /** Puts the values in another order: `from` says for each which one it was. */
  #reorder(from: Uint32Array): void {
    if (this.#dictionary !== undefined) {
      this.#indices = picked(this.#indices, from, new Uint32Array(this.#indices.length));
      return;
    }
    const { bytes, length } = this.#plain;
    const starts = new Uint32Array(from.length + 1);
    for (let value = 0, position = 0; value < from.length; value++) {
      position += 4 + bytes.readUInt32LE(position);
      starts[value + 1] = position;
    }
    const plain = new ByteBuffer(length);
    for (const value of from) plain.append(bytes, starts[value], starts[value + 1]);
    this.#plain = plain;
  }

  /** Where the last row begins. */
  #lastRow(): Cut {
    const entry = this.#levels.lastRow;
    const value = this.#values - this.#levels.valuesFrom(entry);
    let position = 0;
    if (this.#dictionary !== undefined) return { entry, value, position };
    for (let passed = 0; passed < value; passed++) position += 4 + this.#plain.bytes.readUInt32LE(position);
    return { entry, value, position };
  }

  #end(): Cut {
    return { entry: this.#levels.count, value: this.#values, position: this.#plain.length };
  }

  /** Writes the chunk up to `cut` with the dictionary as it was there; what follows becomes PLAIN. */
  #leaveDictionary(dictionary: TextDictionary, cut: Cut): void {
    const from = cut.value === 0 ? START : cut;
    if (cut.value > 0) this.#writeDictionary(dictionary, cut);
    const { definitions, repetitions } = this.#levels.takeFrom(from.entry);
    this.#dictionary = undefined;
    this.#values = 0;
    let value = from.value;
    for (let entry = 0; entry < definitions.length; entry++) {
      if (this.#overfull) this.#drain(false);
      const definition = definitions[entry] as number;
      this.#levels.add(repetitions?.[entry] ?? 0, definition);
      if (definition < this.#leaf.maxDefinition) continue;
      const number = this.#indices[value++] as number;
      this.#plain.append(dictionary.values.bytes, dictionary.start(number), dictionary.start(number + 1));
      this.#values++;
    }
  }

  #writeDictionary(dictionary: TextDictionary, end: Cut): void {
    const entries = dictionary.entriesOf(end.value);
    const bytes = dictionary.values.bytes.subarray(0, dictionary.start(entries));
    this.#pages.dictionary(bytes, entries);
    indexPages(this.#pages, this.#levels, this.#indices, end, entries, this.#limit);
    this.#addBounds(dictionary.values, 0, bytes.length);
  }

  get #overfull(): boolean {
    return !this.#whole && pageBytes(this.#levels, this.#plain.length) > this.#limit;
  }

  /** Writes the PLAIN texts as pages: all of them, or all but the page that may have room left. */
  #drain(all: boolean): void {
    const plain = this.#plain;
    const bytesOf = (_: number, position: number) => 4 + plain.bytes.readUInt32LE(position);
    const ends = pageEnds(this.#levels, this.#limit, bytesOf, this.#end());
    if (!all) ends.pop();
    let from = START;
    for (const to of ends) {
      const { position } = from;
      this.#pages.plain(this.#levels, from, to, (body) => body.append(plain.bytes, position, to.position));
      this.#addBounds(plain, position, to.position);
      from = to;
    }
    this.#levels.shift(from.entry);
    this.#values -= from.value;
    plain.shift(from.position);
  }

  #addBounds(values: ByteBuffer, from: number, to: number): void {
    let position = from;
    while (position < to) {
      const start = position + 4;
      position = start + values.bytes.readUInt32LE(position);
      this.#bounds.add(values.bytes, start, position);
    }
  }
}
