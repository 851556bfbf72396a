// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { Levels } from './levels.ts';
import { type InFile, NodeBuilder, type Sink, type Tally, type ValueSink } from './node-builder.ts';
import { ChunkPages, type ColumnChunk, type PageSpace, plainPages } from './pages.ts';
import type { Places } from './places.ts';
import { NOTHING } from './presence.ts';
import type { Leaf } from './schema.ts';

const NO_VALUES = { count: 0, bytes: 0, bytesOf: () => 0, write: () => {} };

/** Collects the values of one column; those of each type in their own way. */
export abstract class LeafBuilder extends NodeBuilder implements ValueSink {
  protected readonly leaf: Leaf;
  protected readonly space: PageSpace;

  constructor(leaf: Leaf, space: PageSpace, tally: Tally) {
    super(tally);
    this.leaf = leaf;
    this.space = space;
  }

  abstract put(owner: number, value: unknown): void;
  /** Encodes the values with these numbers. */
  protected abstract chunk(levels: Levels, values: Uint32Array): ColumnChunk;

  get sinks(): readonly Sink[] {
    return [this];
  }

  protected encode(files: readonly InFile[]): ColumnChunk[][] {
    const chunks = files.map(({ places, found }) =>
      found.numbers.length === 0 ? this.#empty(places) : this.chunk(places.levelsOf(found, this.leaf), found.numbers),
    );
    return [chunks];
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
