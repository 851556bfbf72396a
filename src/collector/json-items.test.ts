// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemTexts } from './json-items.ts';

test('items are carried to the letter', () => {
  const items = [
    '{"a":1,"a":2}',
    '{"10":1,"b":"\\u00e9"}',
    '12345678901234567890.10',
    '"],[\\"\\\\"',
    '[[],{}]',
    'null',
  ];

  expect(itemTexts(`[${items.join(',')}]`)).toEqual(items);
  expect(itemTexts(`\n [ ${items.join(' ,\r\n ')} ] \n`)).toEqual(items);
  expect(itemTexts('[{"a":\n  1}]')).toEqual(['{"a":1}']);
});

test.each(['', 'no', '{}', '"[]"', '[1', '[1],', '[NaN]'])('%j is no list', (text) => {
  expect(itemTexts(text)).toBeUndefined();
});

test('an empty list has no items', () => {
  expect(itemTexts('[ ]')).toEqual([]);
});

test('any list is taken apart as it was put together', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.nat(3), (values, indent) => {
      const texts = itemTexts(JSON.stringify(values, null, indent));
      expect(texts?.map((text) => JSON.parse(text))).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
      expect(texts?.some((text) => text.includes('\n'))).toBe(false);
    }),
  );
});
