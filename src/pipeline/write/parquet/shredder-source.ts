// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Column } from '../../../ocsf/column.ts';
import { parquetSchema } from './schema.ts';

type Group = Exclude<Column, { kind: 'leaf' }>;

/** Code of the test that `v` is what a group takes, and how messages call that. */
const CHECKS = {
  struct: ['plain(v)', 'an object'],
  list: ['Array.isArray(v)', 'a list'],
  map: ['entries(v)', 'keys with their values'],
} as const;

/**
 * Generates the code that takes a row apart: an ES module of plain JavaScript, without imports, that exports `shred`
 * (a `Shredder`). It walks a row once and names every attribute literally, which engines run several times faster
 * than a loop over the columns. It is generated when a module is bundled, since nothing is compiled in a Lambda.
 *
 * @throws Failure `columnsUnusable` as `parquetSchema`
 */
export function shredderSource(columns: readonly Column[]): string {
  return `${shredderStatements(columns)}export { shred };\n`;
}

/** The same code without its export: statements that declare `shred`. */
export function shredderStatements(columns: readonly Column[]): string {
  const { signature } = parquetSchema(columns);
  const functions: string[] = [];
  let sinks = 0;
  const nextSink = () => `s[${sinks++}]`;

  /** Code that puts the value of `expression`, which belongs to the node `owner`. */
  function put(column: Column, expression: string, label: string, owner: string): string {
    const found = `x = ${expression}; if (x != null)`;
    if (column.kind === 'leaf') return `${found} ${nextSink()}.put(${owner}, x);`;
    const name = `put${functions.length}`;
    // Holds the place, so that a function stands before the ones it calls.
    const place = functions.push('') - 1;
    functions[place] = group(column, name, label);
    return `${found} ${name}(x, ${owner}, s);`;
  }

  /** A function for the struct, list or map `v` in the node `o`, given the sinks `s`. */
  function group(column: Group, name: string, label: string): string {
    const sink = nextSink();
    const [check, expected] = CHECKS[column.kind];
    return [
      `function ${name}(v, o, s) { // ${column.kind} ${quoted(label)}`,
      `if (!${check}) ${sink}.unfit(${quoted(label)}, '${expected}', v);`,
      'let x;',
      ...groupBody(column, label, sink),
      '}\n',
    ].join('\n');
  }

  function groupBody(column: Group, label: string, sink: string): readonly string[] {
    switch (column.kind) {
      case 'struct':
        return [`const n = ${sink}.add(o);`, ...putFields(column.fields, 'v', label, 'n')];
      case 'list':
        return [
          `const n = ${sink}.add(o, v.length);`,
          'for (let i = 0; i < v.length; i++) {',
          put(column.element, 'v[i]', `${label}[]`, 'n + i'),
          '}',
        ];
      case 'map':
        return [
          `const n = ${sink}.add(o, v.keys.length);`,
          'for (let i = 0; i < v.keys.length; i++) {',
          `${nextSink()}.put(n + i, v.keys[i]);`,
          put({ kind: 'leaf', name: '', type: 'string' }, 'v.values[i]', label, 'n + i'),
          '}',
        ];
    }
  }

  function putFields(fields: readonly Column[], parent: string, label: string, owner: string): readonly string[] {
    return fields.map((field) => {
      const path = label === '' ? field.name : `${label}.${field.name}`;
      return put(field, attribute(parent, field.name), path, owner);
    });
  }

  const fields = putFields(columns, 'row', '', 'n');
  return [
    '// Generated from the columns of a lake source; do not edit.\n',
    'function plain(v) {',
    "if (typeof v !== 'object') return false;",
    'const p = Object.getPrototypeOf(v);',
    'return p === Object.prototype || p === null;',
    '}\n',
    'function entries(v) {',
    'return Array.isArray(v.keys) && Array.isArray(v.values) && v.keys.length === v.values.length;',
    '}\n',
    ...functions,
    'function shred(row, n, s) {',
    "if (row == null || !plain(row)) s[0].unfit('(row)', 'an object', row);",
    'let x;',
    ...fields,
    '}\n',
    `shred.signature = ${quoted(signature)};\n`,
  ].join('\n');
}

/** Reads an attribute; one that every object inherits (`constructor`) only counts when it is the object's own. */
function attribute(parent: string, name: string): string {
  const key = quoted(name);
  return name in Object.prototype
    ? `(Object.hasOwn(${parent}, ${key}) ? ${parent}[${key}] : undefined)`
    : `${parent}[${key}]`;
}

/** A string literal that may also stand in a comment: the line ends JSON leaves as they are would end the comment. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
