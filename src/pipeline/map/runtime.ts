// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// What the generated mapping code calls. Raw events are hostile: nothing here trusts a type or a key.

import { MAX_TEXT } from '../../contract/mapping.ts';
import { TextMap } from '../../ocsf/text-map.ts';

export type RawObject = Readonly<Record<string, unknown>>;

const EMPTY: RawObject = Object.freeze(Object.create(null) as Record<string, unknown>);

/** The value as an object to read keys from; anything else reads as an object without keys. */
export function keys(value: unknown): RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawObject) : EMPTY;
}

/** An own key: for names that every object inherits (`constructor`, `toString`). */
export function own(value: RawObject, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value as an array; anything else reads as an empty one. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Is there a value at all? `null` and empty text say that there is none. */
export function present(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** The item at a position of an array, or the value at that key of an object. */
export function at(value: unknown, position: number, key: string): unknown {
  return Array.isArray(value) ? (value[position] ?? undefined) : keys(value)[key];
}

/** A key of a lookup table, from a raw scalar. */
export function tableKey(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function containsText(value: unknown, text: string): boolean {
  return typeof value === 'string' && value.toLowerCase().includes(text);
}

/** A text, or each of several, that OCSF takes; above its length nothing, so that the raw value is kept instead. */
export function fitting(value: unknown): unknown {
  const fits = (text: unknown) => typeof text !== 'string' || text.length <= MAX_TEXT;
  return (Array.isArray(value) ? value.every(fits) : fits(value)) ? value : undefined;
}

/** An observable of the event (OCSF object `observable`). */
export interface Observable {
  readonly name: string;
  readonly type: string;
  readonly type_id: number;
  readonly value: string;
}

/** From here on a set tells what is known: comparing with each would take the square of their number. */
const MANY = 32;

/** The observables of an event, each name and value once. */
export class Observables {
  readonly list: Observable[] = [];
  #known: Set<string> | undefined;

  /** Adds a value, or each of an array, unless it stands under the same name already. */
  add(name: string, type_id: number, type: string, value: unknown): void {
    if (Array.isArray(value)) {
      for (const item of value) this.add(name, type_id, type, item);
      return;
    }
    if (typeof value !== 'string' && typeof value !== 'number') return;
    const text = String(value);
    if (!this.#has(name, text)) this.list.push({ name, type, type_id, value: text });
  }

  #has(name: string, value: string): boolean {
    if (this.list.length < MANY) {
      // Names are constants of the mapping, which compare faster than values.
      for (const other of this.list) if (other.name === name && other.value === value) return true;
      return false;
    }
    this.#known ??= new Set(this.list.map((other) => `${other.name} ${other.value}`));
    const { size } = this.#known;
    return this.#known.add(`${name} ${value}`).size === size;
  }
}

/** Characters of a raw path in `unmapped`; no source that means well has one near it. */
const MAX_PATH = 1_000;

/** Collects what a mapping leaves over: by raw path, values that are no text as JSON. */
export class Leftover {
  readonly unmapped = new TextMap();
  /** What is held, once another value may have one of its paths. */
  #held: Map<string, string> | undefined;

  get isEmpty(): boolean {
    return this.unmapped.size === 0;
  }

  /**
   * Keeps a raw value that the mapping did not carry over; an empty array or object says nothing.
   *
   * @param isAmbiguous another value may have this path
   */
  keep(path: string, value: unknown, isAmbiguous = true): void {
    if (!present(value) || (typeof value === 'object' && Object.keys(value as object).length === 0)) return;
    const text = textOf(value);
    if (isAmbiguous || path.length > MAX_PATH) this.#held ??= new Map(this.unmapped.entries());
    // A path of any length is kept as a value is: with each of several parts it would be written again.
    if (path.length > MAX_PATH) this.#keepText(`${path.slice(0, MAX_PATH)}#long`, JSON.stringify({ [path]: text }));
    else this.#keepText(path, text);
  }

  #keepText(path: string, text: string): void {
    if (text.length > MAX_TEXT) this.#keepParts(path, text);
    else this.#add(path, text);
  }

  /** A value is read as one with its page, and no page may be of any size. All parts have one name, which is free. */
  #keepParts(path: string, text: string): void {
    let name = path;
    for (let times = 2; this.#held?.has(`${name}#part1`); times += 1) name = `${path}#${times}`;
    let part = 1;
    for (let from = 0; from < text.length; part += 1) {
      const to = endOfPart(text, from);
      const key = `${name}#part${part}`;
      this.#held?.set(key, '');
      this.unmapped.add(key, text.slice(from, to));
      from = to;
    }
  }

  #add(path: string, text: string): void {
    if (this.#held) this.#keepApart(this.#held, path, text);
    else this.unmapped.add(path, text);
  }

  /** Of several values with one path, those after the first are numbered. */
  #keepApart(held: Map<string, string>, path: string, text: string): void {
    let key = path;
    for (let times = 2; held.has(key); times += 1) {
      if (held.get(key) === text) return;
      key = `${path}#${times}`;
    }
    held.set(key, text);
    this.unmapped.add(key, text);
  }
}

/** Both halves of a character beyond 16 bits stay together: apart they could not be written. */
function endOfPart(text: string, from: number): number {
  const to = from + MAX_TEXT;
  const last = text.charCodeAt(to - 1);
  return to < text.length && last >= 0xd800 && last <= 0xdbff ? to - 1 : to;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  // Scalars are by far the most, and JSON takes several times as long for them; of Infinity, as 1e400 is read, it makes null.
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  return JSON.stringify(value);
}

/** The event or an item of an array: where paths of a mapping start, and what its attributes took from there. */
export class RawScope {
  readonly value: unknown;
  /** `value`, to read keys from. */
  readonly object: RawObject;
  /** Position of the item. */
  readonly at: number;
  /** Words of marks: a bit for each raw path that attributes read, set once one took the value. */
  readonly taken: number[];
  /**
   * For each array that is taken item by item: the scopes of the items that were, by position. Undefined once what was
   * made of it has been left out.
   */
  readonly items: (RawScope[] | undefined)[];

  constructor(value: unknown, at: number, taken: number[], items: (RawScope[] | undefined)[]) {
    this.value = value;
    this.object = keys(value);
    this.at = at;
    this.taken = taken;
    this.items = items;
  }
}

/** What a mapping reads at a raw place, and below it. */
export interface Reads {
  /** By key, or position in an array. */
  readonly parts: ReadonlyMap<string, Reads>;
  /** Of every item, where an array is taken item by item. */
  readonly each: Reads | undefined;
  /** Index of that array in the scope's `items`, else -1. */
  readonly items: number;
  /** The value is read as a whole, not only parts of it. */
  readonly whole: boolean;
  /** Where the scope notes that the value was taken: the bit of a word. Without a bit it counts as taken. */
  readonly word: number;
  readonly bit: number;
  /** The value is kept by rows of their own. */
  readonly isElsewhere?: true;
}

/** For generated code: `Reads` in few words. */
export function reads(
  parts: Iterable<readonly [string, Reads]>,
  whole = false,
  word = 0,
  bit = 0,
  items = -1,
  each?: Reads,
): Reads {
  return { parts: new Map(parts), each, items, whole, word, bit };
}

const NOTHING = reads([]);

/** What is read below the keys of `trail`. */
export function part(read: Reads, trail: readonly string[]): Reads {
  let at = read;
  for (const key of trail) at = at.parts.get(key) ?? NOTHING;
  return at;
}

/** `read` with everything below `trail` counted as taken: what stands elsewhere is left. */
export function without(read: Reads, trail: readonly string[]): Reads {
  const [key, ...rest] = trail;
  if (key === undefined) return { ...NOTHING, whole: true, word: read.word, bit: read.bit, isElsewhere: true };
  return { ...read, parts: new Map([...read.parts, [key, without(read.parts.get(key) ?? NOTHING, rest)]]) };
}

/** What is read of one item: by its position, and as one of all. */
function union(one: Reads, all: Reads): Reads {
  const parts = new Map(all.parts);
  for (const [key, part] of one.parts) {
    const other = parts.get(key);
    parts.set(key, other ? union(part, other) : part);
  }
  return { ...all, whole: one.whole || all.whole, parts };
}

/** Places whose paths are remembered, and how long they are at most; a hostile source could make up any. */
const PLACES_KNOWN = 4_000;
const LONGEST_KNOWN = 512;

/**
 * A place in raw events, with what a mapping reads of it. Places come again in every event, so their paths are put
 * together once.
 */
export class RawPlace {
  readonly path: string;
  /** Undefined where nothing is read. */
  readonly read: Reads | undefined;
  /** The value is read as a whole, or what it is part of. */
  readonly isWhole: boolean;
  /** Something below it is read by itself. */
  readonly hasParts: boolean;
  /** Another place may have the same path, since a key on the way holds what paths are made of. */
  readonly isAmbiguous: boolean;
  readonly #keys = new Map<string, RawPlace>();
  readonly #items: RawPlace[] = [];
  readonly #known: { count: number };

  constructor(path: string, read: Reads | undefined, above?: RawPlace, key = '') {
    this.path = path;
    this.read = read;
    this.isWhole = above?.isWhole === true || read?.whole === true;
    this.hasParts = read !== undefined && (read.parts.size > 0 || read.each !== undefined);
    this.isAmbiguous = above === undefined ? path.includes('.') : above.isAmbiguous || /[.[#]|^$/.test(key);
    this.#known = above === undefined ? { count: 0 } : above.#known;
  }

  /** The place of a key. */
  key(key: string): RawPlace {
    const known = this.#keys.get(key);
    if (known) return known;
    const place = this.#below(this.path === '' ? key : `${this.path}.${key}`, this.read?.parts.get(key), key);
    if (this.#known.count <= PLACES_KNOWN && place.path.length <= LONGEST_KNOWN) this.#keys.set(key, place);
    return place;
  }

  /** The place of an item. */
  item(at: number): RawPlace {
    const known = this.#items[at];
    if (known) return known;
    const own = this.read?.parts.get(String(at));
    const all = this.read?.each;
    const place = this.#below(`${this.path}[${at}]`, own && all ? union(own, all) : (own ?? all), String(at));
    // One after the other, so that the array has no holes.
    if (this.#known.count <= PLACES_KNOWN && at === this.#items.length) this.#items.push(place);
    return place;
  }

  #below(path: string, read: Reads | undefined, key: string): RawPlace {
    this.#known.count += 1;
    return new RawPlace(path, read, this, key);
  }
}

/**
 * Keeps everything of `value` that no attribute took, but no part of what is kept whole. `scope` is the one that paths
 * at this place start at.
 */
export function leftovers(left: Leftover, value: unknown, place: RawPlace, scope: RawScope): void {
  if (!present(value)) return;
  const { path, read, isAmbiguous } = place;
  if (read === undefined) {
    if (!place.isWhole) left.keep(path, value, isAmbiguous);
    return;
  }
  const isLeftOut = read.items >= 0 && scope.items[read.items] === undefined;
  if (isLeftOut || (read.bit !== 0 && ((scope.taken[read.word] as number) & read.bit) === 0)) {
    left.keep(path, value, isAmbiguous);
  }
  // What takes parts of a whole by itself leaves the others.
  if (!isLeftOut && (place.hasParts || !place.isWhole)) partsLeft(left, value, place, scope);
}

function partsLeft(left: Leftover, value: unknown, place: RawPlace, scope: RawScope): void {
  if (Array.isArray(value)) {
    const scopes = scope.items[place.read?.items ?? -1];
    for (let at = 0; at < value.length; at += 1) {
      const item = place.item(at);
      const own = scopes ? scopes[at] : scope;
      if (own) leftovers(left, value[at], item, own);
      else left.keep(item.path, value[at], item.isAmbiguous);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) {
      const part = (value as RawObject)[key];
      if (present(part)) leftovers(left, part, place.key(key), scope);
    }
  } else if (!place.isWhole) {
    left.keep(place.path, value, place.isAmbiguous);
  }
}

/** Keeps everything of `value`, taken or not, in the parts that the mapping reads. */
export function everything(left: Leftover, value: unknown, place: RawPlace): void {
  const { path, read, hasParts, isAmbiguous } = place;
  if (read?.isElsewhere) return;
  if (!hasParts || typeof value !== 'object' || value === null) left.keep(path, value, isAmbiguous);
  else if (Array.isArray(value)) for (const [at, item] of value.entries()) everything(left, item, place.item(at));
  else for (const key in value) everything(left, (value as RawObject)[key], place.key(key));
}
