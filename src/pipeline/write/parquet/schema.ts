// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { Failure } from '../../../errors/failure.ts';
import { columnsUnusable } from '../../../errors/parquet.ts';
import type { Column, LeafType } from '../../../ocsf/column.ts';

/** A column that holds values, as Parquet sees it. */
export interface Leaf {
  /** Names from the root to the leaf, with the groups a LIST or MAP consists of. */
  readonly path: readonly string[];
  /** How messages name it: `resources[].uid`. */
  readonly label: string;
  readonly type: LeafType;
  /** Definition level of a value that is present. */
  readonly maxDefinition: number;
  /** How many lists and maps lie above it. */
  readonly maxRepetition: number;
}

/** One node of the schema as it stands in the footer, in depth-first order. */
export interface SchemaNode {
  readonly name: string;
  readonly repetition: 'required' | 'optional' | 'repeated';
  /** Number of nodes below; 0 for a leaf. */
  readonly children: number;
  readonly annotation?: 'list' | 'map';
  readonly type?: LeafType;
}

/** The Parquet schema of a set of columns. */
export interface ParquetSchema {
  readonly leaves: readonly Leaf[];
  /** Number of columns below the root. */
  readonly topLevel: number;
  /** Without the root. */
  readonly nodes: readonly SchemaNode[];
  /** Equal for equal leaves: tells whether generated code belongs to these columns. */
  readonly signature: string;
}

interface Place {
  readonly path: readonly string[];
  readonly label: string;
  readonly definition: number;
  readonly repetition: number;
}

/**
 * Lays columns out as a Parquet schema. Every node is OPTIONAL but the groups of LIST and MAP that Parquet wants
 * REPEATED and the key of a map, which it wants REQUIRED.
 *
 * @throws Failure `columnsUnusable` when there is no column, a struct has no field or two siblings have one name
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#nested-types
 */
export function parquetSchema(columns: readonly Column[]): ParquetSchema {
  const leaves: Leaf[] = [];
  const nodes: SchemaNode[] = [];

  function addAll(fields: readonly Column[], parent: Place): void {
    if (fields.length === 0) {
      throw new Failure(columnsUnusable, {
        column: parent.label || '(root)',
        reason: 'a group needs at least one field',
      });
    }
    const names = new Set<string>();
    for (const field of fields) {
      const label = parent.label === '' ? field.name : `${parent.label}.${field.name}`;
      if (names.has(field.name))
        throw new Failure(columnsUnusable, { column: label, reason: 'the name is taken twice' });
      names.add(field.name);
      add(field, field.name, {
        path: [...parent.path, field.name],
        label,
        definition: parent.definition + 1,
        repetition: parent.repetition,
      });
    }
  }

  function add(column: Column, name: string, place: Place): void {
    switch (column.kind) {
      case 'leaf':
        nodes.push({ name, repetition: 'optional', children: 0, type: column.type });
        addLeaf(column.type, place);
        return;
      case 'struct':
        nodes.push({ name, repetition: 'optional', children: column.fields.length });
        addAll(column.fields, place);
        return;
      case 'list':
        nodes.push({ name, repetition: 'optional', children: 1, annotation: 'list' });
        nodes.push({ name: 'list', repetition: 'repeated', children: 1 });
        add(column.element, 'element', below(place, ['list', 'element'], '[]', 2));
        return;
      case 'map':
        nodes.push({ name, repetition: 'optional', children: 1, annotation: 'map' });
        nodes.push({ name: 'key_value', repetition: 'repeated', children: 2 });
        nodes.push({ name: 'key', repetition: 'required', children: 0, type: 'string' });
        nodes.push({ name: 'value', repetition: 'optional', children: 0, type: 'string' });
        addLeaf('string', below(place, ['key_value', 'key'], '{key}', 1));
        addLeaf('string', below(place, ['key_value', 'value'], '{value}', 2));
        return;
    }
  }

  function addLeaf(type: LeafType, place: Place): void {
    const { path, label, definition, repetition } = place;
    leaves.push({ path, label, type, maxDefinition: definition, maxRepetition: repetition });
  }

  addAll(columns, { path: [], label: '', definition: 0, repetition: 0 });
  const signature = JSON.stringify(
    leaves.map((leaf) => [...leaf.path, leaf.type, leaf.maxDefinition, leaf.maxRepetition]),
  );
  return { topLevel: columns.length, leaves, nodes, signature };
}

function below(place: Place, groups: readonly string[], suffix: string, definition: number): Place {
  return {
    path: [...place.path, ...groups],
    label: place.label + suffix,
    definition: place.definition + definition,
    repetition: place.repetition + 1,
  };
}
