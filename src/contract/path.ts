// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Path } from './mapping.ts';

/** A path taken apart: where it starts, and the keys from there. */
export interface ParsedPath {
  /** True for `$.key`: starts at the event, whatever the scope. */
  readonly fromEvent: boolean;
  /** Keys in order; empty for `.` and `$`, the value itself. */
  readonly keys: readonly string[];
}

/**
 * Takes a path of a mapping apart: `a.b\.c.0` gives the keys `a`, `b.c`, `0`.
 * An empty key is an author's mistake and throws a RangeError that names the path.
 */
export function parsePath(path: Path): ParsedPath {
  if (path === '.') return { fromEvent: false, keys: [] };
  if (path === '$') return { fromEvent: true, keys: [] };
  const fromEvent = path.startsWith('$.');
  const keys = (fromEvent ? path.slice(2) : path).split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
  if (keys.some((key) => key === '')) throw new RangeError(`the path "${path}" has an empty key`);
  return { fromEvent, keys };
}
