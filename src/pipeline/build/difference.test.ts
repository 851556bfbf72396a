// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differences } from './difference.ts';

test('differences are named by the deepest path at which values differ', () => {
  const expected = [{ a: 1, b: { c: [1, 2] }, d: 'x' }];
  const actual = [{ a: 1, b: { c: [1, 3, 4] }, e: null }];

  expect(differences(expected, actual)).toEqual([
    { path: '[0].b.c[1]', expected: 2, actual: 3 },
    { path: '[0].b.c[2]', expected: undefined, actual: 4 },
    { path: '[0].d', expected: 'x', actual: undefined },
    { path: '[0].e', expected: undefined, actual: null },
  ]);
});

test('a value differs in nothing from its own copy', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(differences(value, structuredClone(value))).toEqual([]);
    }),
  );
});
