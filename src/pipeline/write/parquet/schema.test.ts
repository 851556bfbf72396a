// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { columnsUnusable } from '../../../errors/parquet.ts';
import type { Column } from '../../../ocsf/column.ts';
import { parquetSchema } from './schema.ts';

const text = (name: string): Column => ({ kind: 'leaf', name, type: 'string' });

test('leaves know their path, their label and their levels', () => {
  const columns: Column[] = [
    text('message'),
    {
      kind: 'list',
      name: 'a',
      element: { kind: 'struct', name: 'element', fields: [{ kind: 'list', name: 'b', element: text('element') }] },
    },
    { kind: 'map', name: 'unmapped' },
  ];
  const leaves = parquetSchema(columns).leaves.map((leaf) => [
    leaf.path.join('.'),
    leaf.label,
    leaf.maxDefinition,
    leaf.maxRepetition,
  ]);
  expect(leaves).toEqual([
    ['message', 'message', 1, 0],
    ['a.list.element.b.list.element', 'a[].b[]', 6, 2],
    ['unmapped.key_value.key', 'unmapped{key}', 2, 1],
    ['unmapped.key_value.value', 'unmapped{value}', 3, 1],
  ]);
});

test.each<[string, Column[], string]>([
  ['no column', [], '(root)'],
  ['a struct without fields', [{ kind: 'struct', name: 'a', fields: [] }], 'a'],
  ['two columns of one name', [text('a'), text('a')], 'a'],
  ['two fields of one name', [{ kind: 'struct', name: 'a', fields: [text('b'), text('b')] }], 'a.b'],
])('%s cannot be written', (_, columns, column) => {
  expect(() => parquetSchema(columns)).toThrow(
    expect.objectContaining({ entry: columnsUnusable, args: expect.objectContaining({ column }) }),
  );
});

test('other types and other nesting give another signature', () => {
  const nested = (kind: 'list' | 'struct'): Column =>
    kind === 'list'
      ? { kind, name: 'a', element: text('element') }
      : { kind, name: 'a', fields: [{ kind: 'struct', name: 'list', fields: [text('element')] }] };
  const signatures = [
    [text('a')],
    [{ ...text('a'), type: 'int32' } as Column],
    [nested('list')],
    [nested('struct')],
  ].map((columns) => parquetSchema(columns).signature);
  expect(new Set(signatures).size).toBe(4);
});
