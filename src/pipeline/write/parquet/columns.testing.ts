// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import type { Column, LeafType } from '../../../ocsf/column.ts';
import type { Row } from './reading.testing.ts';

/** Text of any kind: short ones that repeat, other scripts, NUL, characters beyond 16 bits, halves of them, long. */
const text = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '',
      'a',
      'High',
      '\0',
      '\u00e9t\u00e9',
      '\u4e2d\u6587',
      '\u{1f600}',
      '\ud800',
      'x\udc00y',
    ),
  },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('a', '\u4e2d', '\u{1f600}'), fc.nat(700))
      .map(([unit, times]) => unit.repeat(times)),
  },
);

const values: Readonly<Record<LeafType, fc.Arbitrary<unknown>>> = {
  int32: fc.oneof(fc.integer(), fc.nat(3)),
  int64: fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.nat(3)),
  timestamp: fc.integer({ min: -1e12, max: 4e12 }),
  double: fc.oneof(fc.double(), fc.constantFrom(0, -0, 1)),
  boolean: fc.boolean(),
  string: text,
};

function named(name: string, depth: number): fc.Arbitrary<Column> {
  const leaf = fc
    .constantFrom(...(Object.keys(values) as LeafType[]))
    .map((type): Column => ({ kind: 'leaf', name, type }));
  if (depth === 0) return leaf;
  const struct = fields(depth - 1, 3).map((inner): Column => ({ kind: 'struct', name, fields: inner }));
  const list = named('element', depth - 1).map((element): Column => ({ kind: 'list', name, element }));
  return fc.oneof({ weight: 2, arbitrary: leaf }, struct, list, fc.constant<Column>({ kind: 'map', name }));
}

function fields(depth: number, most: number): fc.Arbitrary<readonly Column[]> {
  return fc
    .integer({ min: 1, max: most })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => named(`f${index}`, depth))));
}

/** Columns of every kind, up to four levels deep. */
export const anyColumns: fc.Arbitrary<readonly Column[]> = fields(3, 5);

/** A value of a column, or nothing; empty lists, maps and structs included. */
export function anyValue(column: Column): fc.Arbitrary<unknown> {
  const absent = fc.constantFrom(undefined, null);
  return fc.oneof({ weight: 1, arbitrary: absent }, { weight: 4, arbitrary: present(column) });
}

function present(column: Column): fc.Arbitrary<unknown> {
  switch (column.kind) {
    case 'leaf':
      return values[column.type];
    case 'struct':
      return anyRow(column.fields);
    case 'list':
      return fc.array(anyValue(column.element), { maxLength: 4 });
    case 'map':
      return fc
        .uniqueArray(
          fc.tuple(
            // hyparquet cannot give back a key of that name.
            text.filter((key) => key !== '__proto__'),
            fc.option(text),
          ),
          { maxLength: 4, selector: ([key]) => key.toWellFormed() },
        )
        .map((entries) => ({ keys: entries.map(([key]) => key), values: entries.map(([, value]) => value) }));
  }
}

/** A row, or a struct: some attributes are missing altogether. */
export function anyRow(columns: readonly Column[]): fc.Arbitrary<Row> {
  return fc.record(Object.fromEntries(columns.map((column) => [column.name, anyValue(column)])), {
    requiredKeys: [],
    noNullPrototype: true,
  });
}
