// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { OcsfSchema, ScalarType } from '../tables.ts';
import { quote } from './text.ts';

/** Types that `report.ts` checks for every version alike. */
const FIXED: ReadonlySet<string> = new Set(['boolean_t', 'json_t', 'float_t', 'integer_t', 'long_t', 'timestamp_t']);

/** What encodes bytes is as long as they are; the expressions of other types are not given more than a short text. */
const MATCHED_UP_TO: Readonly<Record<string, number>> = { bytestring_t: 65_536 };

/** Tests that tell sooner than the expression of a type that nearly every value of it matches. */
const SURELY_MATCHED: Readonly<Record<string, string>> = { ip_t: 'c.isIp(value)' };

/** The expression that names the check of a scalar type. */
export function scalarCheck(type: string, schema: OcsfSchema): string {
  if (!(type in schema.types)) throw new Error(`unknown type ${type}`);
  return FIXED.has(type) ? `c.${type}` : type;
}

/** The checks of the types whose limits differ between versions, as functions named like the types. */
export function renderScalarTypes(schema: OcsfSchema, used: ReadonlySet<string>): string[] {
  return Object.entries(schema.types)
    .filter(([name]) => used.has(name) && !FIXED.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, type]) =>
      type.base === 'string' || type.base === 'datetime' ? text(name, type, schema) : number(name, type, schema),
    );
}

function text(name: string, type: ScalarType, schema: OcsfSchema): string[] {
  const own = type.maxLen !== undefined;
  const maxLen = type.maxLen ?? schema.types[type.of ?? '']?.maxLen;
  const of = own ? '' : `, ${quote(type.of ?? '')}`;
  const constant = name.toUpperCase();
  return [
    ...(type.regex ? [`const ${constant} = /${regexSource(type.regex)}/;`, ''] : []),
    `function ${name}(r: Report, key: string, value: unknown): void {`,
    `  if (typeof value !== 'string') {`,
    `    c.wrongType(r, key, value, ${quote(name)});`,
    '    return;',
    '  }',
    ...(maxLen === undefined
      ? []
      : [`  if (value.length > ${maxLen}) c.tooLong(r, key, value, ${quote(name)}, ${maxLen}${of});`]),
    ...(type.regex
      ? [
          `  ${unless(SURELY_MATCHED[name])}c.matches(r, key, value, ${quote(name)}, ${constant}, ${MATCHED_UP_TO[name] ?? 512});`,
        ]
      : []),
    ...values(name, type),
    '}',
    '',
  ];
}

function unless(test: string | undefined): string {
  return test === undefined ? '' : `if (!${test}) `;
}

function number(name: string, type: ScalarType, schema: OcsfSchema): string[] {
  const range = type.range ?? schema.types[type.of ?? '']?.range;
  const of = type.range ? '' : `, ${quote(type.of ?? '')}`;
  return [
    `function ${name}(r: Report, key: string, value: unknown): void {`,
    `  if (typeof value !== 'number' || !Number.isInteger(value)) {`,
    `    c.wrongType(r, key, value, ${quote(name)});`,
    '    return;',
    '  }',
    ...(range
      ? [
          `  if (value < ${range[0]} || value > ${range[1]}) {`,
          `    c.outOfRange(r, key, value, ${quote(name)}, ${range[0]}, ${range[1]}${of});`,
          '  }',
        ]
      : [`  c.${type.of}(r, key, value);`]),
    ...values(name, type),
    '}',
    '',
  ];
}

function values(name: string, type: ScalarType): string[] {
  if (!type.values) return [];
  const allowed = type.values.map((value) => (typeof value === 'string' ? quote(value) : String(value)));
  const test = allowed.map((value) => `value !== ${value}`).join(' && ');
  return [`  if (${test}) c.notInValues(r, key, value, ${quote(name)});`];
}

/** Throws where the schema's expression is none in JavaScript. */
function regexSource(regex: string): string {
  return new RegExp(regex).source;
}
