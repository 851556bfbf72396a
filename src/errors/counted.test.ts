// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { counted } from './counted.ts';

test('one is told from none and many, and thousands are grouped', () => {
  expect([0, 1, 2, 1234].map((count) => counted(count, 'row'))).toEqual(['0 rows', '1 row', '2 rows', '1,234 rows']);
  expect(counted(1, 'entry', 'entries')).toBe('1 entry');
  expect(counted(3, 'entry', 'entries')).toBe('3 entries');
});
