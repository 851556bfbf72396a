// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextBounds } from './text-bounds.ts';

function boundsOf(texts: readonly string[]) {
  const bounds = new TextBounds();
  // One buffer that is written over, as a page buffer is.
  const buffer = Buffer.alloc(4000);
  for (const text of texts) bounds.add(buffer, 0, buffer.write(text));
  return bounds.take();
}

const text = fc
  .tuple(
    fc.constantFrom('', 'a'.repeat(63), '\u4e2d'.repeat(21), '\u{10ffff}'.repeat(16), '\ud7ff'.repeat(22)),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
  .map(([start, end]) => start + end);

test('no text lies outside the bounds, and they are texts of at most 68 bytes themselves', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
      const { min, max } = boundsOf(texts);
      const sorted = texts.map((each) => Buffer.from(each)).sort(Buffer.compare);
      const [first, last] = [sorted[0] as Buffer, sorted.at(-1) as Buffer];
      if (min === undefined) throw new Error('no minimum');
      expect(Buffer.compare(min.bytes, first)).toBeLessThanOrEqual(0);
      expect(min.exact).toBe(Buffer.compare(min.bytes, first) === 0);
      if (max !== undefined) {
        expect(Buffer.compare(max.bytes, last)).toBeGreaterThanOrEqual(0);
        expect(max.exact).toBe(Buffer.compare(max.bytes, last) === 0);
      }
      for (const bound of [min, max]) {
        if (bound === undefined) continue;
        expect(bound.bytes.length).toBeLessThanOrEqual(68);
        expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bound.bytes)).not.toThrow();
      }
    }),
    { numRuns: 1000 },
  );
});

test('a long maximum is raised at its last character that can be', () => {
  const maximum = (value: string) => Buffer.from(boundsOf([value]).max?.bytes ?? []).toString();
  expect(maximum('a'.repeat(80))).toBe(`${'a'.repeat(63)}b`);
  expect(maximum(`a${'\u{10ffff}'.repeat(30)}`)).toBe('b');
  expect(maximum('\ud7ff'.repeat(40))).toBe(`${'\ud7ff'.repeat(20)}\ue000`);
  expect(boundsOf(['\u{10ffff}'.repeat(30)]).max).toBeUndefined();
});

test('without texts there are no bounds, also after they were taken', () => {
  expect(boundsOf([])).toEqual({});
  const bounds = new TextBounds();
  bounds.add(Buffer.from('a'), 0, 1);
  bounds.take();
  expect(bounds.take()).toEqual({});
});
