// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { everything, Leftover, leftovers, part, RawPlace, RawScope, type Reads, reads, without } from './runtime.ts';

const NOTHING = reads([]);

/** What is left of a value at a place, where its scope has noted these marks. */
function left(
  value: unknown,
  read: Reads,
  taken: number[] = [],
  items: (RawScope[] | undefined)[] = [],
  place = new RawPlace('', read),
): Record<string, string> {
  const leftover = new Leftover();
  leftovers(leftover, value, place, new RawScope(value, 0, taken, items));
  const { keys, values } = leftover.unmapped;
  const unmapped = leftover.unmapped.toJSON();
  expect(leftover.isEmpty).toBe(keys.length === 0);
  // Each path once.
  expect([keys.length, values.length]).toEqual(Array(2).fill(Object.keys(unmapped).length));
  return unmapped;
}

test('a value named __proto__ is kept under its name and changes no object', () => {
  const unmapped = left(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"a":1}}'), NOTHING);

  expect(Object.entries(unmapped)).toEqual([
    ['__proto__', '{"polluted":true}'],
    ['constructor', '{"a":1}'],
  ]);
  expect(Object.getPrototypeOf(unmapped)).toBe(Object.prototype);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('what is read is kept until its mark is set', () => {
  const read = reads([
    ['a', reads([], true, 0, 1)],
    ['b', reads([], true, 1, 4)],
    ['taken', reads([], true)],
  ]);
  const event = { a: 1, b: 2, taken: 3 };

  expect(left(event, read, [0, 0])).toEqual({ a: '1', b: '2' });
  expect(left(event, read, [1, 3])).toEqual({ b: '2' });
  expect(left(event, read, [1, 4])).toEqual({});
});

test('what is read in part is kept for the rest', () => {
  const a = reads([['a', reads([], true)]]);
  const read = reads([
    ['constructor', a],
    ['list', reads([['1', a]])],
  ]);
  const event = { constructor: { a: 1, b: 2 }, list: [{ a: 1 }, { a: 1, b: 'x' }, null, 3] };

  expect(left(event, read)).toEqual({ 'constructor.b': '2', 'list[0]': '{"a":1}', 'list[1].b': 'x', 'list[3]': '3' });
  expect(left({ constructor: 'text', list: { a: 1 } }, read)).toEqual({ constructor: 'text', 'list.a': '1' });
});

test('an array of which nothing stands in the end is kept whole, whatever it is', () => {
  const read = reads([['list', reads([], false, 0, 0, 0, reads([['a', reads([], true, 0, 1)]]))]]);

  expect(left({ list: [{ a: 1, b: 2 }] }, read, [], [undefined])).toEqual({ list: '[{"a":1,"b":2}]' });
  expect(left({ list: { b: 2 } }, read, [], [undefined])).toEqual({ list: '{"b":2}' });
  expect(left({ list: { b: 2 } }, read, [], [[]])).toEqual({ 'list.b': '2' });
});

test('of what is read as a whole and in part, the parts that nothing took are kept', () => {
  const read = reads([['text', reads([['part', reads([], true, 0, 2)]], true, 0, 1)]]);
  const event = { text: { part: 1, other: 2 } };

  expect(left(event, read, [0])).toEqual({ text: '{"part":1,"other":2}', 'text.part': '1' });
  expect(left(event, read, [1])).toEqual({ 'text.part': '1' });
  expect(left(event, read, [3])).toEqual({});

  const item = reads([['part', reads([], true, 0, 2)]]);
  const list = reads([['list', reads([['0', item]], true, 0, 1)]]);
  expect(left({ list: [{ part: 1, other: 2 }, { other: 3 }] }, list, [1])).toEqual({ 'list[0].part': '1' });
  expect(left({ list: ['text'] }, list, [1])).toEqual({});
  expect(left({ list: 'text' }, list, [1])).toEqual({});
});

test('each item has the marks of its own scope; an item without scope is kept whole', () => {
  const each = reads([['a', reads([], true, 0, 1)]]);
  const first = reads([['first', reads([], true)]]);
  const read = reads([['list', reads([['0', first]], false, 0, 0, 0, each)]]);
  const list = [
    { a: 1, first: 1, b: 1 },
    { a: 2, first: 2 },
    { a: 3, first: 3 },
  ];
  const scopes = [new RawScope(list[0], 0, [1], []), new RawScope(list[1], 1, [0], [])];

  expect(left({ list }, read, [0], [scopes])).toEqual({
    'list[0].b': '1',
    'list[1].a': '2',
    'list[1].first': '2',
    'list[2]': '{"a":3,"first":3}',
  });
  // A key is no position, and no item.
  expect(left({ list: { '0': { a: 1, first: 1 }, '[]': { a: 1 } } }, read, [1], [[]])).toEqual({
    'list.0.a': '1',
    'list.[]': '{"a":1}',
  });
});

test('a part of what is read stands for itself; without it, it counts as taken', () => {
  const rows = reads([['rows', reads([], false, 0, 0, 0, NOTHING)]]);
  const read = reads([['batch', rows]]);

  expect(part(read, ['batch'])).toBe(rows);
  expect(part(read, ['none', 'below'])).toEqual(NOTHING);
  expect(left({ batch: { rows: [1], size: 2 }, more: 3 }, without(read, ['batch', 'rows']))).toEqual({
    'batch.size': '2',
    more: '3',
  });
});

test('values whose paths read the same are kept apart, whichever comes first; the same value is kept once', () => {
  expect(left({ 'a.b': 1, a: { b: 2 } }, NOTHING)).toEqual({ 'a.b': '1', a: '{"b":2}' });
  const read = reads([
    ['a', reads([['x', NOTHING]])],
    ['', reads([['x', NOTHING]])],
    ['c', reads([['x', NOTHING]])],
  ]);
  expect(left({ a: { b: 2 }, 'a.b': 1, x: 3 }, read)).toEqual({ 'a.b': '2', 'a.b#2': '1', x: '3' });
  expect(left({ 'a.b': 1, a: { b: 2 }, c: { d: 1 }, 'c.d': 1 }, read)).toEqual({
    'a.b': '1',
    'a.b#2': '2',
    'c.d': '1',
  });
  expect(left({ 'a.b#2': 0, a: { b: 2 }, 'a.b': 1 }, read)).toEqual({ 'a.b#2': '0', 'a.b': '2', 'a.b#3': '1' });
  expect(left({ a: [1], 'a[0]': 2 }, reads([['a', reads([['0', reads([['x', NOTHING]])]])]]))).toEqual({
    'a[0]': '1',
    'a[0]#2': '2',
  });
  expect(left({ x: 1, '': { x: 2 } }, read)).toEqual({ x: '1', 'x#2': '2' });
});

test('what a row leaves and what its event leaves are kept apart where their paths read the same', () => {
  const item = reads([['y', NOTHING]]);
  const leftover = new Leftover();
  const row = { x: 1 };
  const event = { a: { b: { x: 2 } } };
  leftovers(leftover, row, new RawPlace('a.b', item), new RawScope(row, 0, [], []));
  const shared = reads([['a', reads([['b', item]])]]);
  leftovers(leftover, event, new RawPlace('', shared), new RawScope(event, 0, [], []));

  expect(leftover.unmapped.toJSON()).toEqual({ 'a.b.x': '1', 'a.b.x#2': '2' });
  expect(leftover.unmapped.keys).toHaveLength(2);
});

test('a number that is none in JSON is kept as one reads it', () => {
  expect(left(JSON.parse('{"a":1e400,"b":-1e400,"c":0.5}'), NOTHING)).toEqual({
    a: 'Infinity',
    b: '-Infinity',
    c: '0.5',
  });
});

test('everything is kept, taken or not, in the parts that are read, but for what rows of their own keep', () => {
  const taken = reads([], true);
  const read = reads([
    ['a', taken],
    ['list', reads([], false, 0, 0, 0, reads([['x', taken]]))],
    ['deep', reads([['rows', reads([])]], true)],
  ]);
  const leftover = new Leftover();
  const event = {
    a: 1,
    other: { b: 2 },
    list: [{ x: 1, y: [2] }, 3, {}],
    deep: { rows: [{ z: 1 }], c: null, d: false },
  };
  everything(leftover, event, new RawPlace('', without(read, ['deep', 'rows'])));
  everything(leftover, event.deep.rows[0], new RawPlace('deep.rows', NOTHING).item(0));

  expect(leftover.unmapped.toJSON()).toEqual({
    a: '1',
    other: '{"b":2}',
    'list[0].x': '1',
    'list[0].y': '[2]',
    'list[1]': '3',
    'deep.d': 'false',
    'deep.rows[0]': '{"z":1}',
  });
});

test('a long text is kept in parts that none of its paths shares', () => {
  const part = 'x'.repeat(65_535);

  expect(left({ 'a#part1': 'first', a: `${part}${part}y` }, NOTHING)).toEqual({
    'a#part1': 'first',
    'a#2#part1': part,
    'a#2#part2': part,
    'a#2#part3': 'y',
  });
  expect(left({ a: `${part}y`, 'a#part1': 'later' }, NOTHING)).toEqual({
    'a#part1': part,
    'a#part2': 'y',
    'a#part1#2': 'later',
  });
  const [first, second] = ['x', 'z'].map((letter) => `${letter.repeat(65_535)}end`);
  const read = reads([['a', reads([])]]);
  expect(left({ 'a.b': first, a: { b: second } }, read)).toEqual({
    'a.b#part1': 'x'.repeat(65_535),
    'a.b#part2': 'end',
    'a.b#2#part1': 'z'.repeat(65_535),
    'a.b#2#part2': 'end',
  });
});

test('a long key is kept as a value, once, whatever it holds', () => {
  const key = `${'k'.repeat(1_000)}${'e'.repeat(70_000)}`;
  const unmapped = left({ [key]: 'v'.repeat(70_000), [`${key}2`]: 1, other: 2 }, NOTHING);

  expect(Object.keys(unmapped).map((each) => each.replace(/k+/, ''))).toEqual([
    '#long#part1',
    '#long#part2',
    '#long#part3',
    '#long#2#part1',
    '#long#2#part2',
    'other',
  ]);
  const values = Object.values(unmapped);
  expect(JSON.parse(values.slice(0, 3).join(''))).toEqual({ [key]: 'v'.repeat(70_000) });
  expect(JSON.parse(values.slice(3, 5).join(''))).toEqual({ [`${key}2`]: '1' });
});

test('however many different places there are, each value is kept under its own path, event after event', () => {
  const each = reads([['read', reads([], true)]]);
  const read = reads([['list', reads([], false, 0, 0, 0, each)]]);
  const place = new RawPlace('', read);
  for (let round = 0; round < 3; round += 1) {
    const event = { list: Array.from({ length: 6_000 }, (_, at) => ({ read: 1, [`k${at}`]: at })) };
    const scopes = event.list.map((item, at) => new RawScope(item, at, [], []));
    expect(Object.entries(left(event, read, [], [scopes], place))).toEqual(
      event.list.map((_, at) => [`list[${at}].k${at}`, String(at)]),
    );
  }
});
