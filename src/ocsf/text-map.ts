// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The value of a MAP<string, string> column, as `unmapped` is one: the entries in the order they came. It is no object
 * of JavaScript, whose keys would cost more than all that is done with them; JSON shows it as one.
 */
export class TextMap {
  readonly keys: string[] = [];
  /** The value of each key. */
  readonly values: string[] = [];

  get size(): number {
    return this.keys.length;
  }

  /** Adds an entry; the caller knows that the key is new. */
  add(key: string, value: string): void {
    this.keys.push(key);
    this.values.push(value);
  }

  *entries(): Generator<readonly [key: string, value: string]> {
    for (const [at, key] of this.keys.entries()) yield [key, this.values[at] as string];
  }

  toJSON(): Record<string, string> {
    // Keys are those of raw events: `__proto__` becomes one like any other.
    return Object.fromEntries(this.entries());
  }
}

/** The keys of a value of a MAP<string, string> column; none where there is no such value. */
export function keysOf(value: unknown): readonly string[] {
  return (value as TextMap | undefined)?.keys ?? [];
}
