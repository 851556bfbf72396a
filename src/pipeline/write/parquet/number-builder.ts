// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { ByteBuffer } from './byte-buffer.ts';
import { LeafBuilder } from './leaf-builder.ts';
import type { Levels } from './levels.ts';
import type { Tally } from './node-builder.ts';
import type { FixedValues } from './number-values.ts';
import { ChunkPages, type ColumnChunk, indexPages, type PageSpace, plainPages } from './pages.ts';
import type { Leaf } from './schema.ts';

/** Collects values of a fixed size. Whether a dictionary pays is decided for each chunk. */
export class NumberBuilder extends LeafBuilder {
  #values: FixedValues;
  /** Bytes of memory a value takes: a whole number also where eight share a byte in the file. */
  readonly #bytesHeld: number;

  constructor(leaf: Leaf, space: PageSpace, tally: Tally, values: FixedValues) {
    super(leaf, space, tally);
    this.#values = values;
    this.#bytesHeld = Math.ceil(values.bytesPerValue);
  }

  put(owner: number, value: unknown): void {
    if (!this.#values.put(value)) this.unfit(this.leaf.label, this.#values.expected, value);
    this.presence.add(owner);
    this.tally.bytes += this.#bytesHeld;
  }

  protected keepNodes(kept: Uint32Array): void {
    if (kept.length > 0) this.#values = this.#values.pick(kept);
    else this.#values.count = 0;
    this.tally.bytes += kept.length * this.#bytesHeld;
  }

  protected chunk(levels: Levels, some: Uint32Array): ColumnChunk {
    const values = this.#values.pick(some);
    const { count, bytesPerValue } = values;
    const pages = new ChunkPages(this.space);
    const dictionary = numberDictionary(values, this.space.limit);
    if (dictionary === undefined) {
      plainPages(pages, levels, {
        count,
        bytes: count * bytesPerValue,
        bytesOf: () => bytesPerValue,
        write: (body, from, to) => values.write(body, from, to),
      });
    } else {
      pages.dictionary(dictionary.entries, (body) => body.append(dictionary.bytes));
      indexPages(pages, levels, dictionary.indices, dictionary.entries);
    }
    return pages.chunk(values.bounds());
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
