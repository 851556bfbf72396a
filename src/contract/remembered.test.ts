// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { remembered } from './remembered.ts';

test('a text is looked at once, also where others came between', () => {
  const make = vi.fn((text: string) => ({ length: text.length }));
  const lengthOf = remembered(make);
  const first = lengthOf('ab');
  expect(lengthOf('c')).toEqual({ length: 1 });
  expect(lengthOf('ab')).toBe(first);
  expect(make).toHaveBeenCalledTimes(2);
});

test('nothing is a result too', () => {
  const make = vi.fn(() => undefined);
  const nothing = remembered(make);
  expect([nothing('a'), nothing('a'), nothing('b'), nothing('a')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(make).toHaveBeenCalledTimes(2);
});

test('of long texts only the last is remembered', () => {
  const make = vi.fn((text: string) => text.length);
  const lengthOf = remembered(make);
  const long = 'x'.repeat(501);
  expect([lengthOf(long), lengthOf(long), lengthOf('a'), lengthOf(long)]).toEqual([501, 501, 1, 501]);
  expect(make).toHaveBeenCalledTimes(3);
});

test('a source that makes up texts fills no memory, and gets what it asks for', () => {
  const make = vi.fn((text: string) => `<${text}>`);
  const bracketed = remembered(make);
  for (let number = 0; number < 2_000; number += 1) expect(bracketed(`${number}`)).toBe(`<${number}>`);
  expect(bracketed('0')).toBe('<0>');
  expect(make).toHaveBeenCalledTimes(2_001);
});

test('parts of large texts are remembered without the whole', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heldMb = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 1e6;
  };
  const firstOf = remembered((text) => ({ part: text.slice(0, 20) }));
  const before = heldMb();
  for (let number = 0; number < 300; number += 1) {
    const whole = Buffer.alloc(500_000, `a resource with the number ${number} `).toString('latin1');
    firstOf(whole.slice(0, 60));
  }
  // 150 MB of wholes.
  expect(heldMb() - before).toBeLessThan(30);
  expect(firstOf('b')).toEqual({ part: 'b' });
});
