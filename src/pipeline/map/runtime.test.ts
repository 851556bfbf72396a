// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { keep, part, RawPlace, type ReadPaths, residue, type Unmapped } from './runtime.ts';

test('a value named __proto__ is kept under its name and changes no object', () => {
  const unmapped: Unmapped = {};
  residue(unmapped, JSON.parse('{"__proto__":{"polluted":true},"constructor":{"a":1}}'), new RawPlace('', new Map()));

  expect(Object.entries(unmapped)).toEqual([
    ['__proto__', '{"polluted":true}'],
    ['constructor', '{"a":1}'],
  ]);
  expect(Object.getPrototypeOf(unmapped)).toBe(Object.prototype);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('what is read in part is kept for the rest, unless it is kept whole already', () => {
  const a: ReadPaths = new Map([['a', true]]);
  const read: ReadPaths = new Map([
    ['constructor', a],
    ['list', new Map([['[]', a]])],
  ]);
  const event = { constructor: { a: 1, b: 2 }, list: [{ a: 1 }, { a: 1, b: 'x' }, null, 3] };
  const unmapped: Unmapped = {};
  residue(unmapped, event, new RawPlace('', read));

  expect(unmapped).toEqual({ 'constructor.b': '2', 'list[1].b': 'x', 'list[3]': '3' });

  const whole: Unmapped = {};
  keep(whole, 'list', event.list);
  residue(whole, { list: event.list }, new RawPlace('', part(new Map([['x', read]]) as ReadPaths, ['x'])));
  expect(Object.keys(whole)).toEqual(['list']);
});

test('however many different places there are, each value is kept under its own path, event after event', () => {
  const place = new RawPlace('', new Map([['list', new Map([['[]', new Map([['read', true as const]])]])]]));
  for (let round = 0; round < 3; round += 1) {
    const event = { list: Array.from({ length: 6_000 }, (_, at) => ({ read: 1, [`k${at}`]: at })) };
    const unmapped: Unmapped = {};
    residue(unmapped, event, place);
    expect(Object.entries(unmapped)).toEqual(event.list.map((_, at) => [`list[${at}].k${at}`, String(at)]));
  }
});
