// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { Column, LeafType } from '../../../ocsf/column.ts';
import { Encoding } from './pages.ts';
import { type PageHeader, pagesOf, readWithHyparquet, write } from './reading.testing.ts';

const LIMIT = 1_000_000;

function leaf(name: string, type: LeafType): Column {
  return { kind: 'leaf', name, type };
}

function largest(pages: readonly PageHeader[]): number {
  return Math.max(...pages.map(({ uncompressedBytes }) => uncompressedBytes));
}

describe('a page', () => {
  test.each(['a', '\u00e9', '\u4e2d', '\u{1f600}'])(
    'of text like %s stays within a million bytes of UTF-8, and is filled',
    (unit) => {
      const rows = Array.from({ length: 3000 }, (_, index) => ({ text: `${index} ${unit.repeat(700)}` }));
      const pages = pagesOf(write({ columns: [leaf('text', 'string')] }, rows));
      expect(pages.map(({ encoding }) => encoding)).toEqual(pages.map(() => Encoding.plain));
      expect(pages.reduce((sum, { entries }) => sum + entries, 0)).toBe(3000);
      expect(largest(pages)).toBeLessThanOrEqual(LIMIT);
      expect(largest(pages)).toBeGreaterThan(LIMIT - 4000);
    },
  );

  test.each([
    ['that fits is one', 8_000, Encoding.rleDictionary],
    ['that does not fit is none: texts are written plainly', 9_000, Encoding.plain],
  ])('of a dictionary %s', async (_, texts, encoding) => {
    // 119 bytes of UTF-8 each, or a few less, and 4 of length.
    const rows = Array.from({ length: texts * 2 }, (_, index) => ({
      text: `${Math.floor(index / 2)}`.padStart(60, '\u00e9'),
    }));
    const file = write({ columns: [leaf('text', 'string')] }, rows);
    const pages = pagesOf(file);
    expect(largest(pages)).toBeLessThanOrEqual(LIMIT);
    expect(new Set(pages.filter(({ kind }) => kind === 'data').map((page) => page.encoding))).toEqual(
      new Set([encoding]),
    );
    expect(await readWithHyparquet(file)).toEqual(rows);
  });

  test.each(['int32', 'int64', 'double', 'boolean'] as const)('of %s stays within the limit', (type) => {
    const value = (index: number) => (type === 'boolean' ? index % 3 === 0 : index);
    const columns: Column[] = [{ kind: 'list', name: 'many', element: leaf('element', type) }];
    const row = { many: Array.from({ length: type === 'boolean' ? 3_000_000 : 400_000 }, (_, index) => value(index)) };
    const pages = pagesOf(write({ columns }, [row, row]));
    expect(pages.length).toBeGreaterThan(2);
    expect(largest(pages)).toBeLessThanOrEqual(LIMIT);
  });

  test('of indices into a dictionary stays within the limit', () => {
    const columns: Column[] = [{ kind: 'list', name: 'many', element: leaf('element', 'string') }];
    const row = { many: Array.from({ length: 1_500_000 }, (_, index) => `${(index * 7919) % 500}`) };
    const pages = pagesOf(write({ columns }, [row]));
    expect(pages.filter(({ encoding }) => encoding === Encoding.rleDictionary).length).toBeGreaterThan(1);
    expect(largest(pages)).toBeLessThanOrEqual(LIMIT);
  });

  test('that a single larger value needs is its own', async () => {
    const rows = ['before', 'x'.repeat(1_500_000), 'after', '\u4e2d'.repeat(500_000), 'last'].map((text) => ({ text }));
    const file = write({ columns: [leaf('text', 'string')] }, rows);
    const pages = pagesOf(file);
    expect(pages.filter(({ uncompressedBytes }) => uncompressedBytes > LIMIT).map(({ entries }) => entries)).toEqual([
      1, 1,
    ]);
    expect(pages.reduce((sum, { entries }) => sum + entries, 0)).toBe(5);
    expect(await readWithHyparquet(file)).toEqual(rows);
  });

  test('begins with a row, unless the row is larger than a page', () => {
    const columns: Column[] = [{ kind: 'list', name: 'many', element: leaf('element', 'string') }];
    const list = (row: number, items: number) => ({
      many: Array.from({ length: items }, (_, item) => `${row} ${item}`.padEnd(90)),
    });
    const small = Array.from({ length: 400 }, (_, row) => list(row, 1 + (row % 8)));
    expect(pagesOf(write({ columns, pageBytes: 2000 }, small)).map(firstRepetition)).not.toContain(1);
    const large = pagesOf(write({ columns, pageBytes: 2000 }, [list(0, 3), list(1, 100), list(2, 3)]));
    expect(large.map(firstRepetition).slice(0, 2)).toEqual([0, 0]);
    expect(large.map(firstRepetition)).toContain(1);
    expect(largest(large)).toBeLessThanOrEqual(2000);
  });
});

/** The first repetition level of a data page of a column below one list: the lowest bit after length and run header. */
function firstRepetition({ body }: PageHeader): number {
  return (body[5] as number) & 1;
}
