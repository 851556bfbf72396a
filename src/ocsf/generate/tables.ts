// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Attribute, OcsfSchema } from '../tables.ts';
import { Code, header, literal } from './text.ts';

/**
 * The tables of one version as source. Attributes that several classes have alike stand once, in `shared`; those
 * that all classes have alike are spread from `everywhere`.
 */
export function renderTables(schema: OcsfSchema): string {
  const pool = sharedAttributes(schema);
  const classes = mapValues(schema.classes, (table) => ({
    ...table,
    attributes: new Code(classAttributes(table.attributes, pool)),
  }));
  return [
    header(`Tables of OCSF ${schema.version}: names, types, requirements, enum ids and captions.`),
    `import type { Attribute, OcsfSchema } from '../../tables.ts';`,
    '',
    `const shared = ${literal(Object.fromEntries([...pool.named].map(([, { name, attribute }]) => [name, attribute])), 0, 16)} satisfies Record<string, Attribute>;`,
    '',
    `const everywhere: Record<string, Attribute> = ${literal(Object.fromEntries([...pool.everywhere].map((name) => [name, sharedReference(schema, pool, name)])), 0, 50)};`,
    '',
    'export const schema: OcsfSchema = {',
    `  version: ${literal(schema.version, 2, 11)},`,
    `  classes: ${literal(classes, 2, 11)},`,
    `  objects: ${literal(schema.objects, 2, 11)},`,
    `  types: ${literal(schema.types, 2, 9)},`,
    `  profiles: ${literal(schema.profiles, 2, 12)},`,
    `  categories: ${literal(schema.categories, 2, 14)},`,
    '};',
    '',
  ].join('\n');
}

interface Pool {
  /** Serialised attribute -> its name in `shared`. */
  readonly named: ReadonlyMap<string, { readonly name: string; readonly attribute: Attribute }>;
  readonly everywhere: ReadonlySet<string>;
}

function sharedAttributes(schema: OcsfSchema): Pool {
  const tables = Object.values(schema.classes);
  const uses = new Map<string, { name: string; attribute: Attribute; count: number }>();
  for (const { attributes } of tables) {
    for (const [name, attribute] of Object.entries(attributes)) {
      const key = keyOf(name, attribute);
      const use = uses.get(key) ?? { name, attribute, count: 0 };
      use.count += 1;
      uses.set(key, use);
    }
  }
  const sorted = [...uses].filter(([, { count }]) => count > 1).sort(([, a], [, b]) => order(a, b));
  const named = new Map<string, { name: string; attribute: Attribute }>();
  const taken = new Map<string, number>();
  for (const [key, { name, attribute }] of sorted) {
    const nth = (taken.get(name) ?? 0) + 1;
    taken.set(name, nth);
    named.set(key, { name: nth === 1 ? name : `${name}_${nth}`, attribute });
  }
  const everywhere = sorted.filter(([, { count }]) => count === tables.length).map(([, { name }]) => name);
  return { named, everywhere: new Set(everywhere) };
}

/** By name; of equal names the most used first, so that a new rare form renames no other. */
function order(a: { name: string; count: number }, b: { name: string; count: number }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : b.count - a.count;
}

function keyOf(name: string, attribute: Attribute): string {
  return `${name} ${JSON.stringify(attribute)}`;
}

function sharedReference(schema: OcsfSchema, pool: Pool, name: string): Code {
  const attribute = Object.values(schema.classes)[0]?.attributes[name] as Attribute;
  return new Code(`shared.${pool.named.get(keyOf(name, attribute))?.name}`);
}

function classAttributes(attributes: Readonly<Record<string, Attribute>>, pool: Pool): string {
  const lines = ['      ...everywhere,'];
  for (const [name, attribute] of Object.entries(attributes)) {
    if (pool.everywhere.has(name)) continue;
    const shared = pool.named.get(keyOf(name, attribute))?.name;
    const value = shared ? `shared.${shared}` : literal(attribute, 8, name.length + 3);
    lines.push(`        ${name}: ${value},`);
  }
  return `{\n  ${lines.join('\n')}\n      }`;
}

function mapValues<In, Out>(source: Readonly<Record<string, In>>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(source).map(([name, value]) => [name, map(value)]));
}
