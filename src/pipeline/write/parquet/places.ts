// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Levels, Repetitions } from './levels.ts';
import { sequence } from './numbers.ts';
import type { ColumnChunk } from './pages.ts';
import type { Found } from './presence.ts';
import type { RowOrder } from './row-order.ts';
import type { Leaf } from './schema.ts';

/**
 * One file as the children of one node of the schema see it: the levels of all entries as they are where no child has
 * a value, and the nodes whose children may have one. All columns below a node share it.
 */
export class Places {
  readonly #definitions: Uint8Array;
  readonly #repetitions: Repetitions | undefined;
  /** Definition level of a node that is present. */
  readonly #level: number;
  /** How many lists and maps the node lies in. */
  readonly #depth: number;
  /** Of each node, its entry; undefined where each entry is a node. */
  readonly #entries: Uint32Array | undefined;
  /** The nodes that are present, by their numbers, in the order of the file. */
  readonly nodes: Uint32Array;
  /** By the definition level of their values: the chunk of all columns that have none at these places. */
  readonly empty = new Map<number, ColumnChunk>();

  private constructor(
    levels: { definitions: Uint8Array; repetitions: Repetitions | undefined; level: number; depth: number },
    nodes: Uint32Array,
    entries: Uint32Array | undefined,
  ) {
    this.#definitions = levels.definitions;
    this.#repetitions = levels.repetitions;
    this.#level = levels.level;
    this.#depth = levels.depth;
    this.#entries = entries;
    this.nodes = nodes;
  }

  /** The places of the columns themselves. */
  static ofRows(order: RowOrder): Places {
    const levels = { definitions: new Uint8Array(order.length), repetitions: undefined, level: 0, depth: 0 };
    return new Places(levels, order, undefined);
  }

  /** The places of the fields of a struct. */
  ofFields(structs: Found): Places {
    const level = this.#level + 1;
    const entries = this.#entriesOf(structs);
    const definitions = this.#raised(entries, structs.numbers.length, level);
    const levels = { definitions, repetitions: this.#repetitions, level, depth: this.#depth };
    return new Places(levels, structs.numbers, entries);
  }

  /**
   * The places of the items of a list or map, whose nodes are the items.
   * @param ends of each list, where its items end
   */
  ofItems(lists: Found, ends: Uint32Array): Places {
    const { numbers } = lists;
    const before = this.#definitions;
    const repeated = this.#repetitions?.levels;
    const [empty, level, depth] = [this.#level + 1, this.#level + 2, this.#depth + 1];
    const entryOf = this.#entriesOf(lists) ?? sequence(numbers.length);
    let items = 0;
    let count = before.length;
    for (const list of numbers) {
      const length = (ends[list] as number) - startOf(list, ends);
      items += length;
      if (length > 1) count += length - 1;
    }
    const definitions = new Uint8Array(count);
    const repetitions = new Uint8Array(count);
    const nodes = new Uint32Array(items);
    const entries = new Uint32Array(items);
    let next = 0;
    let node = 0;
    let to = 0;
    for (let entry = 0; entry < before.length; entry++) {
      repetitions[to] = repeated === undefined ? 0 : (repeated[entry] as number);
      if (entryOf[next] !== entry) {
        definitions[to++] = before[entry] as number;
        continue;
      }
      const list = numbers[next++] as number;
      const end = ends[list] as number;
      let item = startOf(list, ends);
      if (item === end) definitions[to++] = empty;
      for (let first = item; item < end; item++, node++, to++) {
        if (item > first) repetitions[to] = depth;
        definitions[to] = level;
        nodes[node] = item;
        entries[node] = to;
      }
    }
    const levels = { definitions, repetitions: new Repetitions(repetitions), level, depth };
    return new Places(levels, nodes, items === count ? undefined : entries);
  }

  /** The levels of a column with these values. */
  levelsOf(values: Found, leaf: Leaf): Levels {
    const { maxDefinition } = leaf;
    const definitions =
      // The key of a map is there where its node is.
      maxDefinition === this.#level
        ? this.#definitions
        : this.#raised(this.#entriesOf(values), values.numbers.length, maxDefinition);
    return new Levels(leaf, definitions, this.#repetitions);
  }

  #entriesOf({ at }: Found): Uint32Array | undefined {
    const entries = this.#entries;
    if (at === undefined || entries === undefined) return at ?? entries;
    return at.map((place) => entries[place] as number);
  }

  /** The definition levels with `count` entries on this level: the ones named, or all. */
  #raised(entries: Uint32Array | undefined, count: number, level: number): Uint8Array {
    if (count === 0) return this.#definitions;
    if (entries === undefined) return new Uint8Array(this.#definitions.length).fill(level);
    const definitions = this.#definitions.slice();
    for (const entry of entries) definitions[entry] = level;
    return definitions;
  }
}

/** Where the items of a list start. */
export function startOf(list: number, ends: Uint32Array): number {
  return list === 0 ? 0 : (ends[list - 1] as number);
}
