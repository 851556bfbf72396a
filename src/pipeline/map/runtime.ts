// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// What the generated mapping code calls. Raw events are hostile: nothing here trusts a type or a key.

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

/** A key of a lookup table, from a raw scalar. */
export function tableKey(value: unknown, ignoreCase: boolean): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return ignoreCase ? String(value).toLowerCase() : String(value);
}

export function containsText(value: unknown, text: string): boolean {
  return typeof value === 'string' && value.toLowerCase().includes(text);
}

/** An observable of the event (OCSF object `observable`). */
export interface Observable {
  readonly name: string;
  readonly type: string;
  readonly type_id: number;
  readonly value: string;
}

/** Adds an observable unless the same value stands under the same name already. */
export function observe(observables: Observable[], name: string, type_id: number, type: string, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) observe(observables, name, type_id, type, item);
    return;
  }
  if (typeof value !== 'string' && typeof value !== 'number') return;
  const text = String(value);
  if (observables.some((other) => other.value === text && other.name === name)) return;
  observables.push({ name, type, type_id, value: text });
}

/** What a mapping leaves over, by raw path; values that are no text are JSON. */
export type Unmapped = Record<string, string>;

/** Keeps a raw value that the mapping did not carry over; an empty array or object says nothing. */
export function keep(unmapped: Unmapped, path: string, value: unknown): void {
  if (!present(value) || (typeof value === 'object' && Object.keys(value as object).length === 0)) return;
  const text = textOf(value);
  if (path !== '__proto__') unmapped[path] = text;
  else Object.defineProperty(unmapped, path, { value: text, enumerable: true, writable: true, configurable: true });
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  // Scalars are by far the most, and JSON takes several times as long for them.
  if (typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  return JSON.stringify(value);
}

/** Keeps the items of an array at whose position none is noted. */
export function keepOthers(unmapped: Unmapped, path: string, value: unknown, positions: readonly true[]): void {
  const list = items(value);
  for (let at = 0; at < list.length; at += 1) {
    if (!positions[at] && present(list[at])) keep(unmapped, `${path}[${at}]`, list[at]);
  }
}

/**
 * Which raw paths a mapping reads: `true` is read whole; a map is read in part, by key, where the key `[]` stands
 * for every item of an array.
 */
export interface ReadPaths extends ReadonlyMap<string, true | ReadPaths> {}

const NOTHING: ReadPaths = new Map();

/** What is read below `trail`. */
export function part(read: ReadPaths, trail: readonly string[]): ReadPaths {
  let at: ReadPaths = read;
  for (const key of trail) {
    const next = at.get(key);
    if (next === undefined || next === true) return NOTHING;
    at = next;
  }
  return at;
}

/** `read` with everything below `trail` counted as read: what stands elsewhere is left. */
export function without(read: ReadPaths, trail: readonly string[]): ReadPaths {
  const [key, ...rest] = trail;
  if (key === undefined) return NOTHING;
  const below = read.get(key);
  const whole = rest.length === 0 || below === true ? true : without(below ?? NOTHING, rest);
  return new Map([...read, [key, whole]]);
}

/** Places whose paths are remembered; a hostile source could make up any number. */
const PLACES_KNOWN = 4_000;

/**
 * A place in raw events, and what a mapping reads of it: `true` is all, undefined nothing. Places come again in every
 * event, so their paths are put together once.
 */
export class RawPlace {
  readonly path: string;
  readonly read: true | ReadPaths | undefined;
  readonly #keys = new Map<string, RawPlace>();
  readonly #items: RawPlace[] = [];
  readonly #known: { count: number };

  constructor(path: string, read: true | ReadPaths | undefined, known = { count: 0 }) {
    this.path = path;
    this.read = read;
    this.#known = known;
  }

  /** The place of a key. */
  key(key: string): RawPlace {
    const known = this.#keys.get(key);
    if (known) return known;
    const place = this.#place(this.path === '' ? key : `${this.path}.${key}`, this.#below(key));
    if (this.#known.count <= PLACES_KNOWN) this.#keys.set(key, place);
    return place;
  }

  /** The place of an item. */
  item(at: number): RawPlace {
    const known = this.#items[at];
    if (known) return known;
    const place = this.#place(`${this.path}[${at}]`, this.#below(String(at)) ?? this.#below('[]'));
    // One after the other, so that the array has no holes.
    if (this.#known.count <= PLACES_KNOWN && at === this.#items.length) this.#items.push(place);
    return place;
  }

  #below(key: string): true | ReadPaths | undefined {
    return this.read === undefined || this.read === true ? this.read : this.read.get(key);
  }

  #place(path: string, read: true | ReadPaths | undefined): RawPlace {
    this.#known.count += 1;
    return new RawPlace(path, read, this.#known);
  }
}

/** Keeps everything of `value` that is not read at its place, but no part of what is kept whole already. */
export function residue(unmapped: Unmapped, value: unknown, place: RawPlace): void {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) left(unmapped, value[at], place.item(at));
    return;
  }
  if (typeof value !== 'object' || value === null) {
    keep(unmapped, place.path, value);
    return;
  }
  for (const key of Object.keys(value)) left(unmapped, (value as RawObject)[key], place.key(key));
}

function left(unmapped: Unmapped, value: unknown, place: RawPlace): void {
  if (place.read === true || !present(value)) return;
  if (place.read === undefined) keep(unmapped, place.path, value);
  else if (!Object.hasOwn(unmapped, place.path)) residue(unmapped, value, place);
}
