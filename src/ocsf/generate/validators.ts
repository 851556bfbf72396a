// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { pascalCase, validatorName } from '../names.ts';
import type { Attribute, ClassTable, Constraints, ObjectTable, OcsfSchema } from '../tables.ts';
import { EnumCaptions } from './enum-captions.ts';
import { recursiveObjects } from './recursive.ts';
import { renderScalarTypes, scalarCheck } from './scalars.ts';
import { BITS, SeenBits } from './seen-bits.ts';
import { header, quote, wrap } from './text.ts';

/** The validators of one version as source: a function per class, over functions per object, scalar type and enum. */
export function renderValidators(schema: OcsfSchema): string {
  const context: Context = {
    schema,
    profiles: new Map(sorted(schema.profiles).map(([name], index) => [name, 2 ** index])),
    recursive: recursiveObjects(schema),
    objects: new Set(),
    scalars: new Set(),
    enums: new EnumCaptions(),
  };
  if (context.profiles.size > BITS) throw new Error(`more than ${BITS} profiles`);
  const classes = sorted(schema.classes).flatMap(([, table]) => renderClass(table, context));
  const objects = renderUsedObjects(context);
  return [
    header(`Validators of OCSF ${schema.version}: straight-line code, one function per class and object.`),
    `import type { Issue } from '../../issue.ts';`,
    `import * as c from '../../check.ts';`,
    `import type { Report } from '../../report.ts';`,
    '',
    ...classes,
    ...objects,
    ...renderScalarTypes(schema, context.scalars),
    ...context.enums.render(),
    ...renderProfiles(context),
    '/** Every validator by class name, for tools that meet any class; what names one function bundles only that. */',
    'export const validators: Readonly<Record<string, (event: unknown) => Issue[]>> = {',
    ...sorted(schema.classes).map(([name]) => `  ${name}: ${validatorName(name)},`),
    '};',
    '',
  ].join('\n');
}

interface Context {
  readonly schema: OcsfSchema;
  readonly profiles: ReadonlyMap<string, number>;
  readonly recursive: ReadonlySet<string>;
  /** Objects and scalar types that some attribute has. */
  readonly objects: Set<string>;
  readonly scalars: Set<string>;
  readonly enums: EnumCaptions;
}

function renderClass(table: ClassTable, context: Context): string[] {
  const owner = `class ${table.name}`;
  const body = renderAttributes(table.attributes, table.constraints, owner, context, {
    class_uid: `c.classUid(r, key, value, ${table.uid})`,
    time: 'c.eventTime(r, key, value)',
  });
  return [
    `/** ${table.caption.replaceAll('*/', '*')} (${table.uid}) */`,
    `export function ${validatorName(table.name)}(event: unknown): Issue[] {`,
    '  const r = c.newReport();',
    '  if (!c.isObject(event)) {',
    `    c.wrongType(r, '', event, 'object');`,
    '    return r.issues;',
    '  }',
    '  const object = event;',
    '  c.declaredProfiles(r, object, profileBit);',
    ...(table.deprecated ? [`  c.deprecated(r, 'class_deprecated', '', ${quote(table.deprecated.since)});`] : []),
    ...body,
    '  c.typeUid(r, object);',
    `  c.version(r, object, ${quote(context.schema.version)});`,
    '  return r.issues;',
    '}',
    '',
  ];
}

/** The objects that the classes hold, and those that these hold in turn. */
function renderUsedObjects(context: Context): string[] {
  const rendered = new Map<string, string[]>();
  for (
    let open = [...context.objects];
    open.length > 0;
    open = [...context.objects].filter((name) => !rendered.has(name))
  ) {
    for (const name of open) rendered.set(name, renderObject(context.schema.objects[name] as ObjectTable, context));
  }
  return sorted(Object.fromEntries(rendered)).flatMap(([, lines]) => lines);
}

function renderObject(table: ObjectTable, context: Context): string[] {
  const isRecursive = context.recursive.has(table.name);
  return [
    `function ${checkName(table.name)}(r: Report, parent: string, object: unknown): void {`,
    '  if (!c.isObject(object)) {',
    `    c.wrongType(r, parent, object, ${quote(`${table.name} (object)`)});`,
    '    return;',
    '  }',
    ...(isRecursive ? ['  if (!c.enter(r, parent)) return;'] : []),
    '  const mark = r.issues.length;',
    ...(table.deprecated ? [`  c.deprecated(r, 'object_deprecated', '', ${quote(table.deprecated.since)});`] : []),
    ...renderAttributes(table.attributes, table.constraints, `object ${table.name}`, context, {}),
    ...(isRecursive ? ['  r.depth -= 1;'] : []),
    '  if (r.issues.length !== mark) c.under(r, mark, parent);',
    '}',
    '',
  ];
}

/** The pass over the keys of `object`, then what only their absence shows. */
function renderAttributes(
  attributes: Readonly<Record<string, Attribute>>,
  constraints: Constraints,
  owner: string,
  context: Context,
  special: Readonly<Record<string, string>>,
): string[] {
  const bits = new SeenBits();
  const required = sorted(attributes).filter(([, a]) => a.requirement === 'required' && !a.profiles);
  const byProfile = sorted(attributes).filter(([, a]) => a.requirement === 'required' && a.profiles);
  for (const [name] of required) bits.give(name);
  for (const [name] of byProfile) bits.give(name);
  const after = [
    ...requiredMissing(required.map(([name]) => name)),
    ...byProfile.flatMap(([name, { profiles = [] }]) => requiredByProfile(name, profiles, bits, context)),
    ...constraintChecks(constraints, attributes, bits),
  ];
  const cases = sorted(attributes).map(([name, attribute]) => {
    const check = special[name] ?? attributeCheck(name, attribute, attributes, context);
    return { name, lines: caseLines(name, attribute, check, bits, context) };
  });
  return [
    `  const owner = ${quote(owner)};`,
    ...(bits.isUsed ? ['  let seen = 0;'] : []),
    '  for (const key in object) {',
    '    const value = object[key];',
    '    if (value === undefined || value === null) continue;',
    '    switch (key.length) {',
    ...grouped(cases),
    '    }',
    '    c.unknownAttribute(r, key, owner);',
    '  }',
    ...after,
  ];
}

/** The cases by length of the key, so that a key is compared with few others; cases that are alike share their lines. */
function grouped(cases: readonly { name: string; lines: readonly string[] }[]): string[] {
  const byLength = new Map<number, Map<string, string[]>>();
  for (const { name, lines } of cases) {
    const groups = byLength.get(name.length) ?? new Map<string, string[]>();
    const body = lines.join(' ');
    groups.set(body, [...(groups.get(body) ?? []), name]);
    byLength.set(name.length, groups);
  }
  return [...byLength]
    .sort(([a], [b]) => a - b)
    .flatMap(([length, groups]) => [
      `      case ${length}:`,
      '        switch (key) {',
      ...[...groups].flatMap(([body, names]) => [
        ...names.slice(0, -1).map((name) => `          case ${quote(name)}:`),
        `          case ${quote(names.at(-1) ?? '')}: ${body} continue;`,
      ]),
      '        }',
      '        break;',
    ]);
}

function caseLines(name: string, attribute: Attribute, check: string, bits: SeenBits, context: Context): string[] {
  const lines: string[] = [];
  if (attribute.profiles) {
    const mask = attribute.profiles.reduce((sum, profile) => sum + (context.profiles.get(profile) ?? 0), 0);
    const profiles = attribute.profiles.join(' or ');
    lines.push(`if (c.lacksProfile(r, ${mask}, key, owner, ${quote(profiles)})) continue;`);
  }
  const bit = bits.of(name);
  if (bit !== 0) lines.push(`seen |= ${bit};`);
  if (attribute.deprecated) {
    lines.push(`c.deprecated(r, 'attribute_deprecated', key, ${quote(attribute.deprecated.since)});`);
  }
  lines.push(...check.split('\n').map((line) => `${line};`));
  return lines;
}

function attributeCheck(
  name: string,
  attribute: Attribute,
  owner: Readonly<Record<string, Attribute>>,
  context: Context,
): string {
  if (attribute.enum) {
    const captions = context.enums.functionFor(name, attribute);
    if (attribute.array) return `c.enumList(r, key, value, ${captions}, ${quote(attribute.type)})`;
    return `if (${captions}(value) === undefined) c.enumUnknown(r, key, value, ${quote(attribute.type)})`;
  }
  const check = attribute.base === 'object' ? objectCheck(attribute, context) : typeCheck(attribute, context);
  const id = sorted(owner).find(([, { sibling }]) => sibling === name);
  if (id === undefined || attribute.base !== 'string') return check;
  return `${check}\n${siblingCheck(id[0], id[1], context)}`;
}

function siblingCheck(idName: string, id: Attribute, context: Context): string {
  const captions = context.enums.functionFor(idName, id);
  return id.array
    ? `c.siblingList(r, key, value, object.${idName}, ${captions})`
    : `c.sibling(r, key, value, object.${idName}, ${captions}(object.${idName}))`;
}

function objectCheck(attribute: Attribute, context: Context): string {
  const name = attribute.object ?? '';
  const isFreeForm = Object.keys(context.schema.objects[name]?.attributes ?? {}).length === 0;
  if (!isFreeForm) context.objects.add(name);
  const check = isFreeForm ? 'c.object_t' : checkName(name);
  return attribute.array ? `c.list(r, key, value, ${check}, ${quote(`${name} (object)`)})` : `${check}(r, key, value)`;
}

function typeCheck({ type, array }: Attribute, context: Context): string {
  context.scalars.add(type);
  const check = scalarCheck(type, context.schema);
  if (array) return `c.list(r, key, value, ${check}, ${quote(type)})`;
  return `${check}(r, key, value)`;
}

function checkName(object: string): string {
  return `check${pascalCase(object)}`;
}

/** The required attributes have the first bits, in the order of their names. */
function requiredMissing(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const mask = 2 ** names.length - 1;
  return [`  if ((seen & ${mask}) !== ${mask}) c.missing(r, seen, 0, [${names.map(quote).join(', ')}]);`];
}

function requiredByProfile(name: string, profiles: readonly string[], bits: SeenBits, context: Context): string[] {
  const mask = profiles.reduce((sum, profile) => sum + (context.profiles.get(profile) ?? 0), 0);
  return [
    `  if ((r.profiles & ${mask}) !== 0 && (seen & ${bits.of(name)}) === 0) {`,
    `    c.missingWithProfile(r, ${quote(name)}, ${quote(profiles.join(' or '))});`,
    '  }',
  ];
}

function constraintChecks(
  constraints: Constraints,
  attributes: Readonly<Record<string, Attribute>>,
  bits: SeenBits,
): string[] {
  const lines: string[] = [];
  const { at_least_one: atLeastOne, just_one: justOne } = constraints;
  if (atLeastOne) {
    const plain = atLeastOne.filter((name) => name in attributes);
    const bit = plain.length === 0 ? 0 : bits.share(plain);
    const paths = atLeastOne.filter((name) => !(name in attributes));
    const tests = [
      ...(bit === 0 ? [] : [`(seen & ${bit}) === 0`]),
      ...paths.map((path) => `!c.reaches(object, [${path.split('.').map(quote).join(', ')}])`),
    ];
    lines.push(
      `  if (${tests.join(' && ')}) {`,
      `    c.constraintFailed(r, 'at_least_one', ${quote(atLeastOne.join(', '))}, 0);`,
      '  }',
    );
  }
  if (justOne) {
    const paths = justOne.map((path) => `+c.reaches(object, [${path.split('.').map(quote).join(', ')}])`);
    lines.push(
      `  const count = ${wrap(paths, ' + ', 4, 18)};`,
      `  if (count !== 1) c.constraintFailed(r, 'just_one', ${quote(justOne.join(', '))}, count);`,
    );
  }
  return lines;
}

function renderProfiles(context: Context): string[] {
  return [
    'function profileBit(name: unknown): number {',
    '  switch (name) {',
    ...[...context.profiles].map(([name, bit]) => `    case ${quote(name)}: return ${bit};`),
    '  }',
    '  return 0;',
    '}',
    '',
  ];
}

function sorted<T>(table: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1));
}
