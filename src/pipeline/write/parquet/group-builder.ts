// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type InFile, type ListSink, NodeBuilder, type Sink, type StructSink, type Tally } from './node-builder.ts';
import { grown } from './numbers.ts';
import type { ColumnChunk } from './pages.ts';
import { startOf } from './places.ts';

/** What a list takes for its end. */
const BYTES_PER_LIST = 4;

/** Collects structs. */
export class StructBuilder extends NodeBuilder implements StructSink {
  readonly #fields: readonly NodeBuilder[];

  constructor(fields: readonly NodeBuilder[], tally: Tally) {
    super(tally);
    this.#fields = fields;
  }

  get sinks(): readonly Sink[] {
    return [this, ...this.#fields.flatMap((field) => field.sinks)];
  }

  add(owner: number): number {
    return this.presence.add(owner);
  }

  protected encode(files: readonly InFile[]): ColumnChunk[][] {
    const below = files.map(({ places, found }) => places.ofFields(found));
    return this.#fields.flatMap((field) => field.chunks(below, this.presence.count));
  }

  protected keepNodes(kept: Uint32Array, count: number): void {
    for (const field of this.#fields) field.keep(kept, count);
  }
}

/** Collects lists, or maps: an item of a list is one node, an item of a map a key and a value. */
export class ListBuilder extends NodeBuilder implements ListSink {
  readonly #item: readonly NodeBuilder[];
  /** Of each list, where its items end. */
  #ends = new Uint32Array(64);

  constructor(item: readonly NodeBuilder[], tally: Tally) {
    super(tally);
    this.#item = item;
  }

  get sinks(): readonly Sink[] {
    return [this, ...this.#item.flatMap((part) => part.sinks)];
  }

  add(owner: number, length: number): number {
    const start = this.#itemsOf(this.presence.count);
    const list = this.presence.add(owner);
    if (list === this.#ends.length) this.#ends = grown(this.#ends);
    this.#ends[list] = start + length;
    this.tally.bytes += BYTES_PER_LIST;
    return start;
  }

  protected encode(files: readonly InFile[]): ColumnChunk[][] {
    const below = files.map(({ places, found }) => places.ofItems(found, this.#ends));
    return this.#item.flatMap((part) => part.chunks(below, this.#itemsOf(this.presence.count)));
  }

  protected keepNodes(kept: Uint32Array, count: number): void {
    const items = this.#itemsOf(count);
    const { ends, from } = this.#pick(kept);
    this.#ends = ends;
    this.tally.bytes += ends.length * BYTES_PER_LIST;
    for (const part of this.#item) part.keep(from, items);
  }

  /** How many items the first `count` lists have. */
  #itemsOf(count: number): number {
    return startOf(count, this.#ends);
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
