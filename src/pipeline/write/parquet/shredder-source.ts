// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Column } from '../../../ocsf/column.ts';
import { parquetSchema } from './schema.ts';

type Group = Exclude<Column, { kind: 'leaf' }>;

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
  let leaf = 0;

  /** Code that puts the value of `expression`; `level` is the definition level of the node above, being present. */
  function put(
    column: Column,
    expression: string,
    label: string,
    repetition: string,
    level: number,
    depth: number,
  ): string {
    if (column.kind === 'leaf') {
      const sink = `s[${leaf++}]`;
      return `x = ${expression}; if (x == null) ${sink}.none(${repetition}, ${level}); else ${sink}.put(${repetition}, x);`;
    }
    const name = `put${functions.length}`;
    // Holds the place, so that a function stands before the ones it calls.
    const place = functions.push('') - 1;
    functions[place] = group(column, name, label, level, depth);
    return `${name}(${expression}, ${repetition}, s);`;
  }

  /** A function for the struct, list or map `v`, given the repetition level `r` and the sinks `s`. */
  function group(column: Group, name: string, label: string, level: number, depth: number): string {
    const sinks = Array.from({ length: leafCount(column) }, (_, index) => `s[${leaf + index}]`);
    const none = (definition: number) => sinks.map((sink) => `${sink}.none(r, ${definition});`).join(' ');
    const [check, expected] = column.kind === 'list' ? ['Array.isArray(v)', 'a list'] : ['plain(v)', 'an object'];
    return [
      `function ${name}(v, r, s) { // ${column.kind} ${quoted(label)}`,
      `if (v == null) { ${none(level)} return; }`,
      `if (!${check}) ${sinks[0]}.unfit(${quoted(label)}, '${expected}', v);`,
      ...groupBody(column, label, level, depth, none(level + 1)),
      '}\n',
    ].join('\n');
  }

  function groupBody(column: Group, label: string, level: number, depth: number, empty: string): readonly string[] {
    switch (column.kind) {
      case 'struct':
        return ['let x;', putFields(column.fields, 'v', label, 'r', level + 1, depth)];
      case 'list':
        return [
          `if (v.length === 0) { ${empty} return; }`,
          'let x;',
          'let q = r;',
          'for (let i = 0; i < v.length; i++) {',
          put(column.element, 'v[i]', `${label}[]`, 'q', level + 2, depth + 1),
          `q = ${depth + 1};`,
          '}',
        ];
      case 'map': {
        const key = `s[${leaf++}]`;
        const value = `s[${leaf++}]`;
        return [
          'const keys = Object.keys(v);',
          `if (keys.length === 0) { ${empty} return; }`,
          'let q = r;',
          'for (const k of keys) {',
          `${key}.put(q, k);`,
          'const x = v[k];',
          `if (x == null) ${value}.none(q, ${level + 2}); else ${value}.put(q, x);`,
          `q = ${depth + 1};`,
          '}',
        ];
      }
    }
  }

  function putFields(
    fields: readonly Column[],
    parent: string,
    label: string,
    repetition: string,
    level: number,
    depth: number,
  ): string {
    return fields
      .map((field) => {
        const path = label === '' ? field.name : `${label}.${field.name}`;
        return put(field, attribute(parent, field.name), path, repetition, level, depth);
      })
      .join('\n');
  }

  const fields = putFields(columns, 'row', '', '0', 0, 0);
  return [
    '// Generated from the columns of a lake source; do not edit.\n',
    'function plain(v) {',
    "if (typeof v !== 'object') return false;",
    'const p = Object.getPrototypeOf(v);',
    'return p === Object.prototype || p === null;',
    '}\n',
    ...functions,
    'function shred(row, s) {',
    "if (row == null || !plain(row)) s[0].unfit('(row)', 'an object', row);",
    'let x;',
    fields,
    '}\n',
    `shred.signature = ${quoted(signature)};\n`,
  ].join('\n');
}

function leafCount(column: Column): number {
  switch (column.kind) {
    case 'leaf':
      return 1;
    case 'struct':
      return column.fields.reduce((sum, field) => sum + leafCount(field), 0);
    case 'list':
      return leafCount(column.element);
    case 'map':
      return 2;
  }
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
