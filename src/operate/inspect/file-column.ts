// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { SchemaElement } from 'hyparquet';
import type { Column } from '../../ocsf/index.ts';

/** A column as a file has it, its LISTs and MAPs taken together. */
export interface FileColumn {
  readonly name: string;
  readonly kind: 'leaf' | 'struct' | 'list' | 'map';
  /**
   * Of a leaf: `int32`, `int64`, `timestamp`, `string`, ... as the columns of a source call it. Of a map that is not one of
   * texts: `map<string, int64>`.
   */
  readonly type?: string;
  /** Fields of a struct; the element of a list alone, none where the form of the list leaves open what that is. */
  readonly children: readonly FileColumn[];
}

/** The columns of a file, and which of them break the form that readers ask of repeated fields. */
export interface FileColumns {
  readonly columns: readonly FileColumn[];
  readonly badlyRepeated: readonly string[];
}

interface Node {
  readonly element: SchemaElement;
  readonly children: readonly Node[];
}

/**
 * Reads the schema of a footer.
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists
 */
export function fileColumns(schema: readonly SchemaElement[]): FileColumns {
  const badlyRepeated: string[] = [];
  let at = 0;
  const root = node();
  return { columns: root.children.map((child) => column(child, child.element.name)), badlyRepeated };

  function node(): Node {
    const element = schema[at];
    if (!element) throw new Error('its schema is cut off');
    at += 1;
    return { element, children: Array.from({ length: element.num_children ?? 0 }, node) };
  }

  function column({ element, children }: Node, path: string): FileColumn {
    const { name } = element;
    const annotation = annotationOf(element);
    const [only] = children;
    if (element.repetition_type === 'REPEATED') {
      badlyRepeated.push(`${path} is repeated outside of a LIST or MAP`);
      return { name, kind: 'list', children: [] };
    }
    if (annotation === 'LIST' && only && children.length === 1) {
      const [inner] = only.children;
      const isElement = only.element.name === 'array' || only.element.name === `${name}_tuple`;
      const isRepeated = only.element.repetition_type === 'REPEATED';
      if (isRepeated && inner && only.children.length === 1 && !isElement)
        return { name, kind: 'list', children: [column(inner, `${path}[]`)] };
      badlyRepeated.push(`${path} is a list of two levels`);
      return { name, kind: 'list', children: [] };
    }
    if (annotation === 'MAP' || annotation === 'MAP_KEY_VALUE') {
      const [key, value] = (only?.children ?? []).map((child) => column(child, `${path}.${child.element.name}`));
      if (!key || !value || (key.type === 'string' && value.type === 'string'))
        return { name, kind: 'map', children: [] };
      return { name, kind: 'map', type: `map<${key.type ?? key.kind}, ${value.type ?? value.kind}>`, children: [] };
    }
    if (children.length === 0) return { name, kind: 'leaf', type: leafType(element), children: [] };
    const fields = children.map((child) => column(child, `${path}.${child.element.name}`));
    return { name, kind: 'struct', children: fields };
  }
}

function annotationOf({ converted_type, logical_type }: SchemaElement): string | undefined {
  return logical_type?.type ?? converted_type;
}

function leafType(element: SchemaElement): string {
  const { type = 'GROUP', logical_type: logical } = element;
  const annotation = annotationOf(element);
  if (annotation?.startsWith('TIMESTAMP')) return 'timestamp';
  if (annotation === undefined) return type === 'BYTE_ARRAY' ? 'bytes' : type.toLowerCase();
  if (annotation === 'STRING' || annotation === 'UTF8' || annotation === 'ENUM') return 'string';
  if (logical?.type === 'INTEGER') return `${logical.isSigned ? '' : 'u'}int${logical.bitWidth}`;
  return annotation.toLowerCase().replace(/^(u?int)_/, '$1');
}

/** A column of a source in the same form, to be compared. */
export function sourceColumn(column: Column): FileColumn {
  const { name, kind } = column;
  switch (column.kind) {
    case 'leaf':
      return { name, kind, type: column.type, children: [] };
    case 'map':
      return { name, kind, children: [] };
    case 'list':
      return { name, kind, children: [sourceColumn(column.element)] };
    case 'struct':
      return { name, kind, children: column.fields.map(sourceColumn) };
  }
}

/** The leaves of columns, `resources[].uid` with what each is: a type, or `map`. */
export function leavesOf(columns: readonly FileColumn[], prefix = ''): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const each of columns) add(each, prefix === '' ? each.name : `${prefix}.${each.name}`);
  return found;

  function add({ kind, type, children }: FileColumn, path: string): void {
    const [element] = children;
    if (kind === 'list' && element) add(element, `${path}[]`);
    else if (kind === 'list') found.set(`${path}[]`, 'unknown');
    else if (kind === 'struct') for (const [key, value] of leavesOf(children, path)) found.set(key, value);
    else found.set(path, type ?? (kind === 'map' ? 'map' : 'unknown'));
  }
}
