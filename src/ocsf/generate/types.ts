// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { pascalCase } from '../names.ts';
import type { Attribute, Base, OcsfSchema } from '../tables.ts';
import { header, propertyName, quote, wrap } from './text.ts';

/** The types of one version as source: an interface per class and per object, an alias per enum. */
export function renderTypes(schema: OcsfSchema): string {
  const names = typeNames(schema);
  const everywhere = alikeEverywhere(schema);
  const enums = new EnumAliases(schema, new Set([...Object.values(names.classes), ...Object.values(names.objects)]));
  const classes = sorted(schema.classes).flatMap(([name, table]) => [
    `/** ${oneLineText(table.caption)} (${table.uid}) */`,
    `export interface ${names.classes[name]} extends Everywhere {`,
    ...members(table.attributes, names, enums, pascalCase(name), (attribute) => everywhere.has(attribute)),
    '}',
    '',
  ]);
  const objects = sorted(schema.objects).flatMap(([name, table]) => {
    if (isFreeForm(schema, name)) return [];
    return [
      `/** ${oneLineText(table.caption)} */`,
      `export interface ${names.objects[name]} {`,
      ...members(table.attributes, names, enums, pascalCase(name), () => false),
      '}',
      '',
    ];
  });
  const [first] = Object.values(schema.classes);
  const common = members(first?.attributes ?? {}, names, enums, '', (attribute) => !everywhere.has(attribute));
  return [
    header(`Types of OCSF ${schema.version}.`),
    '/** Class name -> type of its events. */',
    'export interface Events {',
    ...sorted(schema.classes).map(([name]) => `  ${name}: ${names.classes[name]};`),
    '}',
    '',
    '/** Object name -> type of the object. */',
    'export interface Objects {',
    ...sorted(schema.objects)
      .filter(([name]) => !isFreeForm(schema, name))
      .map(([name]) => `  ${name}: ${names.objects[name]};`),
    '}',
    '',
    `export type Profile =${union(
      sorted(schema.profiles).map(([name]) => quote(name)),
      22,
    )};`,
    '',
    '/** Attributes that every class has alike. */',
    'export interface Everywhere {',
    ...common,
    '}',
    '',
    ...classes,
    ...objects,
    ...enums.render(),
  ].join('\n');
}

interface TypeNames {
  readonly classes: Readonly<Record<string, string>>;
  readonly objects: Readonly<Record<string, string>>;
}

/** Class names keep their plain form; an object whose name a class has taken gets a suffix. */
function typeNames(schema: OcsfSchema): TypeNames {
  const classes = Object.fromEntries(sorted(schema.classes).map(([name]) => [name, pascalCase(name)]));
  const taken = new Set([...Object.values(classes), 'Events', 'Objects', 'Profile', 'Everywhere']);
  const objects = sorted(schema.objects).map(([name]) => {
    const plain = pascalCase(name);
    return [name, taken.has(plain) ? `${plain}Object` : plain];
  });
  return { classes, objects: Object.fromEntries(objects) };
}

function isFreeForm(schema: OcsfSchema, object: string): boolean {
  return Object.keys(schema.objects[object]?.attributes ?? {}).length === 0;
}

function alikeEverywhere(schema: OcsfSchema): ReadonlySet<string> {
  const [first, ...others] = Object.values(schema.classes);
  const alike = sorted(first?.attributes ?? {}).filter(([name, attribute]) =>
    others.every(({ attributes }) => JSON.stringify(attributes[name]) === JSON.stringify(attribute)),
  );
  return new Set(alike.map(([name]) => name));
}

function members(
  attributes: Readonly<Record<string, Attribute>>,
  names: TypeNames,
  enums: EnumAliases,
  owner: string,
  skip: (name: string) => boolean,
): string[] {
  return sorted(attributes)
    .filter(([name]) => !skip(name))
    .flatMap(([name, attribute]) => {
      const optional = attribute.requirement === 'required' && !attribute.profiles ? '' : '?';
      const single = attribute.enum ? enums.alias(name, attribute, owner) : valueType(attribute, names);
      const type = attribute.array ? arrayOf(single) : single;
      return [...notes(attribute), `  ${propertyName(name)}${optional}: ${type};`];
    });
}

function notes(attribute: Attribute): string[] {
  const profiles = attribute.profiles ? `only with profile ${attribute.profiles.join(' or ')}` : '';
  const deprecated = attribute.deprecated ? `@deprecated since ${attribute.deprecated.since}` : '';
  const note = [deprecated, profiles].filter((part) => part !== '').join(', ');
  return note === '' ? [] : [`  /** ${note} */`];
}

const SCALARS: Readonly<Record<Exclude<Base, 'object'>, string>> = {
  string: 'string',
  datetime: 'string',
  int32: 'number',
  int64: 'number',
  double: 'number',
  timestamp: 'number',
  boolean: 'boolean',
  json: 'unknown',
};

function valueType(attribute: Attribute, names: TypeNames): string {
  if (attribute.base !== 'object') return SCALARS[attribute.base];
  if (attribute.object === 'object') return 'Record<string, string>';
  return names.objects[attribute.object ?? ''] ?? 'never';
}

function arrayOf(type: string): string {
  return `${type}[]`;
}

/** Ids that are derived, so nobody needs a name for them. */
const DERIVED: ReadonlySet<string> = new Set(['class_uid', 'category_uid', 'type_uid']);

/** Names for enums: the attribute's where all owners agree on ids and captions, owner and attribute otherwise. */
class EnumAliases {
  readonly #disputed: ReadonlySet<string>;
  readonly #taken: ReadonlySet<string>;
  readonly #aliases = new Map<string, { readonly ids: string[]; readonly captions: string[] }>();

  constructor(schema: OcsfSchema, taken: ReadonlySet<string>) {
    const contents = new Map<string, Set<string>>();
    for (const { attributes } of [...Object.values(schema.classes), ...Object.values(schema.objects)]) {
      for (const [name, attribute] of Object.entries(attributes)) {
        if (!attribute.enum) continue;
        contents.set(name, (contents.get(name) ?? new Set()).add(JSON.stringify(attribute.enum)));
      }
    }
    this.#disputed = new Set([...contents].filter(([, forms]) => forms.size > 1).map(([name]) => name));
    this.#taken = taken;
  }

  alias(name: string, attribute: Attribute, owner: string): string {
    const entries = Object.entries(attribute.enum ?? {});
    const ids = entries.map(([id]) => (attribute.base === 'string' ? quote(id) : id));
    if (DERIVED.has(name)) return wrap(ids, ' | ', 4, name.length + 5);
    const plain = `${this.#disputed.has(name) ? owner : ''}${pascalCase(name)}`;
    const alias = this.#taken.has(plain) ? `${plain}Enum` : plain;
    const captions = attribute.base === 'string' ? [] : entries.map(([id, caption]) => `${id} ${oneLineText(caption)}`);
    this.#aliases.set(alias, { ids, captions });
    return alias;
  }

  render(): string[] {
    return [...this.#aliases]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([alias, { ids, captions }]) => [
        ...comment(captions),
        `export type ${alias} =${union(ids, alias.length + 15)};`,
        '',
      ]);
  }
}

function comment(captions: readonly string[]): string[] {
  if (captions.length === 0) return [];
  const parts = captions.map((caption, index) => (index === captions.length - 1 ? caption : `${caption},`));
  const lines = wrap(parts, ' ', 3, 7)
    .split('\n')
    .map((line) => line.trim());
  return lines.length === 1 ? [`/** ${lines[0]} */`] : ['/**', ...lines.map((line) => ` * ${line}`), ' */'];
}

/** Foreign text that cannot end the comment it stands in. */
function oneLineText(text: string): string {
  return text.replaceAll('*/', '*').replaceAll(/\s+/g, ' ');
}

function union(members: readonly string[], first: number): string {
  return members.length === 0 ? ' never' : ` ${wrap(members, ' | ', 2, first)}`;
}

function sorted<T>(table: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1));
}
