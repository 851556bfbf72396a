// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { unknownKey } from '../errors/config.ts';
import { nearest } from './nearest.ts';
import { type Finding, finding, type KeyPath } from './problem.ts';
import { belowOf, type Shape } from './shape.ts';
import { isGroup } from './value.ts';

/** Data with every misspelt key under the name that was probably meant, so that what lies below it is checked too. */
export interface Respelt {
  readonly data: unknown;
  /** The misspelt keys, at their paths as written. */
  readonly findings: readonly Finding[];
  /** The path as written of a path in `data`. */
  readonly written: (path: KeyPath) => KeyPath;
}

/**
 * Names misspelt keys rightly, at every depth that the shape knows.
 *
 * @param explain words a misspelt key where there is more to say than the names known beside it; those above it in its
 *   path are named rightly
 */
export function respelt(
  data: unknown,
  shape: Shape,
  explain: (path: KeyPath, known: readonly string[]) => Finding | undefined,
): Respelt {
  const findings: Finding[] = [];
  const renamed = new Map<string, string>();
  return {
    data: spelt(data, shape, [], []),
    findings,
    written: (path) => path.map((part, at) => renamed.get(pathKey(path.slice(0, at + 1))) ?? part),
  };

  function spelt(value: unknown, at: Shape, meant: KeyPath, written: KeyPath): unknown {
    if (Array.isArray(value)) {
      const { items = {} } = at;
      return value.map((item, index) => spelt(item, items, [...meant, index], [...written, index]));
    }
    if (!isGroup(value)) return value;
    const known = at.additionalProperties === false ? Object.keys(at.properties ?? {}) : undefined;
    const taken = new Set(Object.keys(value));
    const entries = Object.entries(value).map(([key, below]) => {
      const name = known?.includes(key) === false ? meantBy(key, known, taken, { meant, written }) : key;
      taken.add(name);
      if (name !== key) renamed.set(pathKey([...meant, name]), key);
      return [name, spelt(below, belowOf(at, name) ?? {}, [...meant, name], [...written, key])];
    });
    return Object.fromEntries(entries);
  }

  /** The known name that is near and not written or meant beside it, or else the key itself. */
  function meantBy(
    key: string,
    known: readonly string[],
    taken: ReadonlySet<string>,
    path: { readonly meant: KeyPath; readonly written: KeyPath },
  ): string {
    const free = known.filter((name) => !taken.has(name));
    const near = nearest(key, free);
    if (near === undefined) return key;
    const own = [...path.written, key];
    const explained = explain([...path.meant, key], known);
    const found = explained ?? finding(unknownKey, own, { nearest: near, elsewhere: undefined, known });
    findings.push({ ...found, path: own });
    return near;
  }
}

function pathKey(path: KeyPath): string {
  return JSON.stringify(path);
}
