// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { Levels } from './levels.ts';
import { type NodeBuilder, refuse, type Sink, type Tally, type ValueSink } from './node-builder.ts';
import { ChunkPages, type ColumnChunk, type PageSpace, plainPages } from './pages.ts';
import type { Places } from './places.ts';
import { type Found, NOTHING, Presence } from './presence.ts';
import type { Leaf } from './schema.ts';

const NO_VALUES = { count: 0, bytes: 0, bytesOf: () => 0, write: () => {} };

/** Collects the values of one column; those of each type in their own way. */
export abstract class LeafBuilder implements NodeBuilder, ValueSink {
  protected readonly leaf: Leaf;
  protected readonly space: PageSpace;
  protected readonly tally: Tally;
  protected readonly presence: Presence;

  constructor(leaf: Leaf, space: PageSpace, tally: Tally) {
    this.leaf = leaf;
    this.space = space;
    this.tally = tally;
    this.presence = new Presence(tally);
  }

  abstract put(owner: number, value: unknown): void;
  /** Encodes the values with these numbers. */
  protected abstract chunk(levels: Levels, values: Uint32Array): ColumnChunk;
  /** Keeps the values with these numbers alone; returns the bytes of memory they take, nearly. */
  protected abstract keepValues(values: Uint32Array): number;

  get sinks(): readonly Sink[] {
    return [this];
  }

  unfit(column: string, expected: string, value: unknown): never {
    return refuse(column, expected, value);
  }

  chunks(files: readonly Places[], owners: number): ColumnChunk[][] {
    const found = this.presence.find(
      files.map(({ nodes }) => nodes),
      owners,
    );
    const chunks = files.map((places, index) => {
      const values = found[index] as Found;
      return values.numbers.length === 0
        ? this.#empty(places)
        : this.chunk(places.levelsOf(values, this.leaf), values.numbers);
    });
    return [chunks];
  }

  keep(some: Uint32Array, owners: number): void {
    const [values = NOTHING] = this.presence.find([some], owners);
    this.presence.keep(values);
    this.tally.bytes += this.keepValues(values.numbers);
  }

  /** The chunk without a value: all columns of the same places have it in common. */
  #empty(places: Places): ColumnChunk {
    const { maxDefinition } = this.leaf;
    const known = places.empty.get(maxDefinition);
    if (known) return known;
    const pages = new ChunkPages(this.space);
    plainPages(pages, places.levelsOf(NOTHING, this.leaf), NO_VALUES);
    const chunk = pages.chunk({});
    places.empty.set(maxDefinition, chunk);
    return chunk;
  }
}
