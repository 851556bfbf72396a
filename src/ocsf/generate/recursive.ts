// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { OcsfSchema } from '../tables.ts';

/** Objects that can hold themselves, directly or through others. */
export function recursiveObjects(schema: OcsfSchema): ReadonlySet<string> {
  const held = new Map(
    Object.entries(schema.objects).map(([name, { attributes }]) => [
      name,
      new Set(Object.values(attributes).flatMap(({ object }) => (object === undefined ? [] : [object]))),
    ]),
  );
  return new Set([...held.keys()].filter((name) => reachable(name, held).has(name)));
}

function reachable(start: string, held: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(held.get(start) ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(held.get(name) ?? []));
  }
  return found;
}
