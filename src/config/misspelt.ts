// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { unknownKey } from '../errors/config.ts';
import { nearest } from './nearest.ts';
import { type Finding, finding, type KeyPath } from './problem.ts';
import { guarded } from './secret.ts';
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
    const known = at.additionalProperties === false ? Object.keys(at.properties ?? {}) : [];
    const names = namesMeant(Object.keys(value), known);
    const entries = Object.entries(value).map(([key, below]) => {
      const name = names.get(key);
      if (name !== undefined) note({ key, name, known }, meant, written);
      const own = name ?? key;
      return [own, spelt(below, belowOf(at, own) ?? {}, [...meant, own], [...written, key])];
    });
    return Object.fromEntries(entries);
  }

  function note({ key, name, known }: Misspelt, meant: KeyPath, written: KeyPath): void {
    renamed.set(pathKey([...meant, name]), key);
    const path = [...written, key];
    const found =
      explain([...meant, key], known) ?? finding(unknownKey, path, { nearest: name, elsewhere: undefined, known });
    findings.push({ ...found, path });
  }
}

interface Misspelt {
  readonly key: string;
  readonly name: string;
  readonly known: readonly string[];
}

/** What the keys of a group mean that are not known: a known name each, which none beside it has or is nearer to. */
function namesMeant(keys: readonly string[], known: readonly string[]): ReadonlyMap<string, string> {
  const claims = new Map<string, string[]>();
  for (const key of keys.filter((each) => !known.includes(each))) {
    const name = nearest(key, known);
    // Of a key that names a secret the value is shown nowhere; under another name it would be.
    if (name === undefined || keys.includes(name) || (guarded([key]) && !guarded([name]))) continue;
    claims.set(name, [...(claims.get(name) ?? []), key]);
  }
  return new Map([...claims].map(([name, claimants]) => [nearest(name, claimants) ?? claimants[0] ?? name, name]));
}

function pathKey(path: KeyPath): string {
  return JSON.stringify(path);
}
