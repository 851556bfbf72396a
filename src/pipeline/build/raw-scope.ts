// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Path } from '../../contract/index.ts';

/** Bits of a word of marks: as many as engines keep in a small integer. */
const BITS = 30;

/** Where a scope notes that an attribute took a raw value: a bit of one of its words. */
export interface Mark {
  readonly word: number;
  readonly bit: number;
}

/** A raw value whose leftover the generated code keeps itself: its mark is not the one of its place. */
export interface Apart {
  readonly mark: Mark;
  readonly path: Path;
}

/** What scopes that start at the same raw place note: which values attributes took, and which items of arrays. */
export class Marks {
  /** Name of the generated function that makes the scope's object. */
  readonly maker: string;
  /** By raw path. */
  readonly apart = new Map<string, Apart>();
  readonly #values = new Map<string, Mark>();
  readonly #arrays = new Map<string, { readonly index: number; readonly items: Marks }>();

  constructor(maker: string) {
    this.maker = maker;
  }

  /** The mark of the value at a raw path. */
  value(keys: readonly string[]): Mark {
    const key = keyOf(keys);
    const index = this.#values.size;
    const known = this.#values.get(key) ?? { word: Math.floor(index / BITS), bit: 1 << (index % BITS) };
    this.#values.set(key, known);
    return known;
  }

  /** The array at a raw path whose items an `each` takes: every `each` of a scope over it notes in the same items. */
  array(keys: readonly string[], marksOfItems: () => Marks): { readonly index: number; readonly items: Marks } {
    const key = keyOf(keys);
    const known = this.#arrays.get(key) ?? { index: this.#arrays.size, items: marksOfItems() };
    this.#arrays.set(key, known);
    return known;
  }

  /** The generated function; whatever is marked has to be known. */
  source(): string {
    const words = Array.from({ length: Math.ceil(this.#values.size / BITS) }, () => '0').join(', ');
    const items = [...this.#arrays].map(() => '[]').join(', ');
    return `function ${this.maker}(value, at) { return new rt.RawScope(value, at, [${words}], [${items}]); }`;
  }
}

/** Where paths start: the event, or the item of an `each`. In the generated code it is a `RawScope`. */
export interface Scope {
  readonly parent?: Scope;
  /** Variable of the object. */
  readonly name: string;
  /** Code of the value that relative paths start at. */
  readonly start: string;
  /** Code of that value as an object to read keys from. */
  readonly object: string;
  /** Code of the raw path of `start`, for messages and `unmapped`. */
  readonly where: string;
  /** Raw path of `start` with `[]` for items. */
  readonly read: readonly string[];
  readonly marks: Marks;
  /** The scope is a row: an event of its own. */
  readonly isRow: boolean;
}

export function newScope(
  name: string,
  marks: Marks,
  place: { readonly where: string; readonly read: readonly string[]; readonly isRow?: boolean },
  parent?: Scope,
): Scope {
  const { where, read, isRow = false } = place;
  return {
    name,
    start: `${name}.value`,
    object: `${name}.object`,
    where,
    read,
    marks,
    isRow,
    ...(parent && { parent }),
  };
}

/** The scopes that `scope` lies in, outermost first, and itself. */
export function scopesOf(scope: Scope): readonly Scope[] {
  return scope.parent ? [...scopesOf(scope.parent), scope] : [scope];
}

/** The scope of the OCSF event that `scope` is part of. */
export function rowOf(scope: Scope): Scope {
  return scope.isRow || !scope.parent ? scope : rowOf(scope.parent);
}

export function outermost(scope: Scope): Scope {
  return scope.parent ? outermost(scope.parent) : scope;
}

function keyOf(keys: readonly string[]): string {
  return keys.join('\u0000');
}
