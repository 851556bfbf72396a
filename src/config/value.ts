// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { KeyPath } from './problem.ts';

export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at `path`, or `undefined` where the path ends early. */
export function valueAt(data: unknown, path: KeyPath): unknown {
  let value = data;
  for (const part of path) {
    if (Array.isArray(value) && typeof part === 'number') value = value[part];
    else if (isGroup(value) && Object.hasOwn(value, part)) value = value[part];
    else return undefined;
  }
  return value;
}

/** Calls `see` with every value below `data`, parents first. */
export function eachValue(data: unknown, see: (path: KeyPath, value: unknown) => void, path: KeyPath = []): void {
  see(path, data);
  if (Array.isArray(data)) for (const [index, item] of data.entries()) eachValue(item, see, [...path, index]);
  else if (isGroup(data)) for (const [key, value] of Object.entries(data)) eachValue(value, see, [...path, key]);
}
