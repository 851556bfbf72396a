// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { SchemaElement } from 'hyparquet';
import { expect, test } from 'vitest';
import { fileColumns } from './file-column.ts';

function typeOf(element: Omit<SchemaElement, 'name'>): string | undefined {
  const schema = [
    { name: 'root', num_children: 1 },
    { name: 'a', ...element },
  ];
  return fileColumns(schema).columns[0]?.type;
}

function integer(type: 'INT32' | 'INT64', bitWidth: number, isSigned: boolean): Omit<SchemaElement, 'name'> {
  return { type, logical_type: { type: 'INTEGER', bitWidth, isSigned } };
}

test.each<[Omit<SchemaElement, 'name'>, string]>([
  [{ type: 'INT32' }, 'int32'],
  [{ type: 'INT32', converted_type: 'INT_32' }, 'int32'],
  [integer('INT32', 32, true), 'int32'],
  [{ ...integer('INT64', 64, true), converted_type: 'INT_64' }, 'int64'],
  [integer('INT32', 16, true), 'int16'],
  [{ type: 'INT32', converted_type: 'INT_16' }, 'int16'],
  [integer('INT32', 32, false), 'uint32'],
  [{ type: 'INT64', converted_type: 'UINT_64' }, 'uint64'],
])('integers are told by width and sign, in either way a writer says them: %j', (element, type) => {
  expect(typeOf(element)).toBe(type);
});
