// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { expect, test } from 'vitest';
import { ByteBuffer } from './byte-buffer.ts';
import { bitWidth, encodeHybrid, hybridBytes } from './levels.ts';

/** Numbers that fit `width` bits: runs of equal ones between others. */
function numbers(width: number): fc.Arbitrary<{ width: number; values: number[] }> {
  const number = fc.nat(2 ** width - 1);
  const run = fc.tuple(number, fc.integer({ min: 1, max: 200 })).map(([value, times]) => Array(times).fill(value));
  const mixed = fc.array(number, { maxLength: 40 });
  return fc.array(fc.oneof(run, mixed), { maxLength: 12 }).map((parts) => ({ width, values: parts.flat() }));
}

test('numbers of any width survive the hybrid encoding, within the size promised for them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }).chain(numbers), ({ width, values }) => {
      const out = new ByteBuffer();
      encodeHybrid(out, Uint32Array.from([0, ...values, 0]), 1, values.length + 1, width);
      expect(out.length).toBeLessThanOrEqual(values.length * hybridBytes(width) + width + 2);
      const { buffer, byteOffset } = out.bytes;
      const decoded: number[] = new Array(values.length);
      const reader = { view: new DataView(buffer, byteOffset, out.length), offset: 0 };
      readRleBitPackedHybrid(reader, width, decoded, out.length);
      expect(decoded).toEqual(values);
    }),
    { numRuns: 500 },
  );
});

test('a bit width holds every number up to the largest', () => {
  expect([0, 1, 2, 3, 4, 255, 256].map(bitWidth)).toEqual([0, 1, 2, 2, 3, 8, 9]);
});
