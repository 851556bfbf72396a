// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type ListSink, type NodeBuilder, refuse, type Sink, type StructSink, type Tally } from './node-builder.ts';
import { grown } from './numbers.ts';
import type { ColumnChunk } from './pages.ts';
import { type Places, startOf } from './places.ts';
import { type Found, NOTHING, Presence } from './presence.ts';

/** What a list takes for its end. */
const BYTES_PER_LIST = 4;

/** Collects structs. */
export class StructBuilder implements NodeBuilder, StructSink {
  readonly #presence: Presence;
  readonly #fields: readonly NodeBuilder[];

  constructor(fields: readonly NodeBuilder[], tally: Tally) {
    this.#fields = fields;
    this.#presence = new Presence(tally);
  }

  get sinks(): readonly Sink[] {
    return [this, ...this.#fields.flatMap((field) => field.sinks)];
  }

  add(owner: number): number {
    return this.#presence.add(owner);
  }

  unfit(column: string, expected: string, value: unknown): never {
    return refuse(column, expected, value);
  }

  chunks(files: readonly Places[], owners: number): ColumnChunk[][] {
    const found = this.#presence.find(
      files.map(({ nodes }) => nodes),
      owners,
    );
    const below = files.map((places, index) => places.ofFields(found[index] as Found));
    return this.#fields.flatMap((field) => field.chunks(below, this.#presence.count));
  }

  keep(some: Uint32Array, owners: number): void {
    const { count } = this.#presence;
    const [kept = NOTHING] = this.#presence.find([some], owners);
    for (const field of this.#fields) field.keep(kept.numbers, count);
    this.#presence.keep(kept);
  }
}

/** Collects lists, or maps: an item of a list is one node, an item of a map a key and a value. */
export class ListBuilder implements NodeBuilder, ListSink {
  readonly #presence: Presence;
  readonly #item: readonly NodeBuilder[];
  readonly #tally: Tally;
  /** Of each list, where its items end. */
  #ends = new Uint32Array(64);

  constructor(item: readonly NodeBuilder[], tally: Tally) {
    this.#item = item;
    this.#tally = tally;
    this.#presence = new Presence(tally);
  }

  get sinks(): readonly Sink[] {
    return [this, ...this.#item.flatMap((part) => part.sinks)];
  }

  add(owner: number, length: number): number {
    const start = this.#items;
    const list = this.#presence.add(owner);
    if (list === this.#ends.length) this.#ends = grown(this.#ends);
    this.#ends[list] = start + length;
    this.#tally.bytes += BYTES_PER_LIST;
    return start;
  }

  unfit(column: string, expected: string, value: unknown): never {
    return refuse(column, expected, value);
  }

  chunks(files: readonly Places[], owners: number): ColumnChunk[][] {
    const found = this.#presence.find(
      files.map(({ nodes }) => nodes),
      owners,
    );
    const items = files.map((places, index) => places.ofItems(found[index] as Found, this.#ends));
    return this.#item.flatMap((part) => part.chunks(items, this.#items));
  }

  keep(some: Uint32Array, owners: number): void {
    const items = this.#items;
    const [kept = NOTHING] = this.#presence.find([some], owners);
    const { ends, from } = this.#pick(kept.numbers);
    this.#presence.keep(kept);
    this.#ends = ends;
    this.#tally.bytes += ends.length * BYTES_PER_LIST;
    for (const part of this.#item) part.keep(from, items);
  }

  /** How many items all lists have. */
  get #items(): number {
    return startOf(this.#presence.count, this.#ends);
  }

  /** Where the items of some lists end alone, and which they are. */
  #pick(lists: Uint32Array): { readonly ends: Uint32Array<ArrayBuffer>; readonly from: Uint32Array } {
    const ends = new Uint32Array(lists.length);
    let count = 0;
    for (const [index, list] of lists.entries()) {
      count += (this.#ends[list] as number) - startOf(list, this.#ends);
      ends[index] = count;
    }
    const from = new Uint32Array(count);
    let next = 0;
    for (const list of lists) {
      const end = this.#ends[list] as number;
      for (let item = startOf(list, this.#ends); item < end; item++) from[next++] = item;
    }
    return { ends, from };
  }
}
