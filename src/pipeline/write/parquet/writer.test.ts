// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { parquetMetadata, type SchemaElement } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shredderStale, valueUnfit } from '../../../errors/parquet.ts';
import type { Column, LeafType } from '../../../ocsf/column.ts';
import { TextMap } from '../../../ocsf/text-map.ts';
import { anyColumns, anyRow } from './columns.testing.ts';
import { compileShredder } from './compile-shredder.ts';
import {
  asRead,
  asTheyCame,
  bufferOf,
  type Duck,
  openDuck,
  pagesOf,
  type Row,
  readWithHyparquet,
  write,
} from './reading.testing.ts';
import { ascending } from './row-order.ts';
import { createParquetWriter, type ParquetFile } from './writer.ts';

let duck: Duck;
beforeAll(async () => {
  duck = await openDuck();
});
afterAll(() => duck.close());

function leaf(name: string, type: LeafType): Column {
  return { kind: 'leaf', name, type };
}

const nested: readonly Column[] = [
  leaf('time', 'int64'),
  leaf('time_dt', 'timestamp'),
  leaf('message', 'string'),
  {
    kind: 'struct',
    name: 'finding_info',
    fields: [
      leaf('risk', 'double'),
      leaf('count', 'int32'),
      {
        kind: 'list',
        name: 'resources',
        element: {
          kind: 'struct',
          name: 'element',
          fields: [
            leaf('uid', 'string'),
            leaf('is_public', 'boolean'),
            { kind: 'list', name: 'labels', element: leaf('element', 'string') },
          ],
        },
      },
    ],
  },
  { kind: 'map', name: 'unmapped' },
];

const nestedRows: readonly Row[] = [
  {
    time: 1_700_000_000_000,
    time_dt: '2024-01-01T00:00:00.123+01:00',
    message: 'h\u00e9llo \0 \u4e2d\u6587 \u{1f600}',
    finding_info: {
      risk: -0,
      count: -(2 ** 31),
      resources: [{ uid: 'a', is_public: true, labels: ['x', null, ''] }, null, {}, { labels: [] }],
    },
    unmapped: { keys: ['b', 'a', '', 'constructor'], values: ['1', null, 'empty key', 'c'] },
  },
  {},
  { time: -5n, time_dt: 0, finding_info: {}, unmapped: new TextMap() },
  { time: 2n ** 63n - 1n, time_dt: -1, finding_info: { resources: [] }, message: '' },
  { time: -(2n ** 63n), finding_info: null, unmapped: undefined },
  { time: Number.MAX_SAFE_INTEGER, message: '\ud800', finding_info: { risk: Number.NaN } },
];

describe('what is written is read back', () => {
  test('by DuckDB, with null, empty and present told apart at every level', async () => {
    const file = write({ columns: nested }, nestedRows);
    expect(file.rows).toBe(nestedRows.length);
    expect(await duck.rows(file)).toEqual(nestedRows.map((row) => asRead(row, nested)));
  });

  test('by hyparquet', async () => {
    const file = write({ columns: nested }, nestedRows);
    expect(await readWithHyparquet(file)).toEqual(nestedRows.map((row) => asRead(row, nested, 'object')));
  });

  test('whatever the columns and rows, in however many pages', async () => {
    const files = anyColumns.chain((columns) =>
      fc.record({
        columns: fc.constant(columns),
        rows: fc.array(anyRow(columns), { maxLength: 60 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(files, async ({ columns, rows }) => {
        const file = write({ columns, pageBytes: 1024 }, rows);
        expect(await duck.rows(file)).toEqual(rows.map((row) => asRead(row, columns)));
        expect(await readWithHyparquet(file)).toEqual(rows.map((row) => asRead(row, columns, 'object')));
        // The limit holds for all pages but those of a single value.
        expect(
          pagesOf(file).filter(({ uncompressedBytes, entries }) => uncompressedBytes > 1024 && entries > 1),
        ).toEqual([]);
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  test('whether a text column repeats, stops to repeat or outgrows its dictionary', async () => {
    const columns: Column[] = [
      leaf('flat', 'string'),
      { kind: 'list', name: 'many', element: leaf('element', 'string') },
    ];
    const kinds = fc.array(
      fc.record({
        times: fc.integer({ min: 1, max: 700 }),
        distinct: fc.integer({ min: 1, max: 900 }),
        length: fc.nat(40),
      }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(kinds, fc.constantFrom(1024, 4096, 100_000), async (stretches, pageBytes) => {
        const rows = stretches.flatMap(({ times, distinct, length }) =>
          Array.from({ length: times }, (_, index) => {
            const text = `${index % distinct}`.padEnd(length, '\u4e2d');
            return { flat: index % 5 === 0 ? null : text, many: index % 7 === 0 ? [] : [text, null, `${index % 3}`] };
          }),
        );
        const file = write({ columns, pageBytes }, rows);
        expect(await duck.rows(file)).toEqual(rows);
        for (const page of pagesOf(file)) expect(page.uncompressedBytes).toBeLessThanOrEqual(pageBytes);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  test('as several files, each with rows of its own in an order of its own, and once more after some were left', async () => {
    const files = anyColumns.chain((columns) =>
      fc.record({
        columns: fc.constant(columns),
        rows: fc.array(fc.record({ file: fc.nat(3), key: fc.integer({ min: -3, max: 9 }), row: anyRow(columns) }), {
          maxLength: 60,
        }),
        more: fc.array(anyRow(columns), { maxLength: 10 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(files, async ({ columns, rows, more }) => {
        const writer = createParquetWriter({ columns, pageBytes: 1024 }, compileShredder(columns));
        for (const { row } of rows) writer.append(row);
        const numbers = [0, 1, 2].map((file) => [...rows.keys()].filter((row) => rows[row]?.file === file));
        const orders = numbers.map((some) => ascending(some, (row) => rows[row]?.key as number));
        const inFile = (file: number) => rows.filter((row) => row.file === file);
        for (const [index, file] of writer.write(orders).entries()) {
          const expected = inFile(index).toSorted((a, b) => a.key - b.key);
          expect(await duck.rows(file)).toEqual(expected.map(({ row }) => asRead(row, columns)));
          expect(parquetMetadata(bufferOf(file)).row_groups.length).toBe(Math.min(1, expected.length));
        }
        writer.keep(Uint32Array.from(numbers[2] ?? []));
        for (const row of more) writer.append(row);
        const left = [...inFile(2).map(({ row }) => row), ...more];
        expect(writer.rows).toBe(left.length);
        const [file] = writer.write([asTheyCame(left.length)]);
        expect(await duck.rows(file as ParquetFile)).toEqual(left.map((row) => asRead(row, columns)));
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  test('in the order of their key, whether a text column repeats or outgrows its dictionary', async () => {
    const columns: Column[] = [leaf('at', 'int64'), leaf('text', 'string')];
    const stretch = fc.record({ times: fc.integer({ min: 1, max: 700 }), distinct: fc.integer({ min: 1, max: 900 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 3 }), async (stretches) => {
        const rows = stretches.flatMap(({ times, distinct }, part) =>
          Array.from({ length: times }, (_, index) => ({
            at: BigInt((index * 7919 + part) % 1000),
            text: index % 5 === 0 ? null : `${index % distinct}`.padEnd(20),
          })),
        );
        const order = ascending([...rows.keys()], (row) => Number(rows[row]?.at));
        const file = write({ columns, pageBytes: 4096 }, rows, { order });
        expect(await duck.rows(file)).toEqual(rows.toSorted((a, b) => Number(a.at - b.at)));
        for (const page of pagesOf(file)) expect(page.uncompressedBytes).toBeLessThanOrEqual(4096);
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  test('with names that mean something to JavaScript', async () => {
    const columns: Column[] = ['constructor', 'toString', '__proto__', 'a.b', "it's `x` \\ \u2028"].map((name) =>
      leaf(name, 'string'),
    );
    const row = JSON.parse(`{"constructor":"c","__proto__":"p","a.b":"d",${JSON.stringify(columns[4]?.name)}:"q"}`);
    const read = await duck.query(
      write({ columns }, [row, {}]),
      'SELECT [#1, #2, #3, #4, #5] AS texts FROM (SELECT * FROM $FILE)',
    );
    expect(read).toEqual([{ texts: ['c', null, 'p', 'd', 'q'] }, { texts: [null, null, null, null, null] }]);
  });

  test('with no row at all: a file that has its columns', async () => {
    const file = write({ columns: nested, metadata: { source: 'azure' } }, []);
    expect(file.rows).toBe(0);
    expect(await duck.rows(file)).toEqual([]);
    const described = await duck.query(file, 'DESCRIBE SELECT * FROM $FILE');
    expect(described.map(({ column_name }) => column_name)).toEqual(nested.map(({ name }) => name));
  });
});

describe('a row with a value that does not fit', () => {
  const misfits: readonly (readonly [Column, unknown, string])[] = [
    [leaf('x', 'int32'), 2 ** 31, 'an integer beyond 32 bits'],
    [leaf('x', 'int32'), 1.5, 'a fraction'],
    [leaf('x', 'int32'), 1n, 'a bigint'],
    [leaf('x', 'int64'), 2 ** 53, 'an integer beyond 53 bits'],
    [leaf('x', 'int64'), 2n ** 63n, 'a bigint'],
    [leaf('x', 'int64'), '1', 'text'],
    [leaf('x', 'timestamp'), '2024-01-01', 'text'],
    [leaf('x', 'timestamp'), '2024-13-01T00:00:00Z', 'text'],
    [leaf('x', 'double'), '1', 'text'],
    [leaf('x', 'boolean'), 1, 'an integer'],
    [leaf('x', 'string'), 1, 'an integer'],
    [leaf('x', 'string'), ['a'], 'a list'],
    [leaf('x', 'string'), { constructor: { name: 'secret' } }, 'an object (Object)'],
    [{ kind: 'struct', name: 'x', fields: [leaf('y', 'string')] }, 'a', 'text'],
    [{ kind: 'struct', name: 'x', fields: [leaf('y', 'string')] }, [], 'a list'],
    [{ kind: 'struct', name: 'x', fields: [leaf('y', 'string')] }, new Date(0), 'an object (Date)'],
    [{ kind: 'list', name: 'x', element: leaf('element', 'string') }, { length: 1 }, 'an object (Object)'],
    [{ kind: 'map', name: 'x' }, new Map([['a', 'b']]), 'an object (Map)'],
    [{ kind: 'map', name: 'x' }, ['a'], 'a list'],
    [{ kind: 'map', name: 'x' }, { a: 'b' }, 'an object (Object)'],
    [{ kind: 'map', name: 'x' }, { keys: ['a'], values: [] }, 'an object (Object)'],
  ];

  test.each(misfits)('%j refuses %o', (column, value, found) => {
    const writer = createParquetWriter({ columns: [column] }, compileShredder([column]));
    expect(() => writer.append({ x: value })).toThrow(
      expect.objectContaining({ entry: valueUnfit, args: expect.objectContaining({ column: 'x', found }) }),
    );
  });

  test('is named by its path and the type of the value, never the value', () => {
    const writer = createParquetWriter({ columns: nested }, compileShredder(nested));
    // slake-allow-secret: made up, to show that the message leaves it out
    const row = { finding_info: { resources: [{ labels: ['ok', { password: 'hunter2' }] }] } };
    expect(() => writer.append(row)).toThrow(
      'The column finding_info.resources[].labels[] holds text, but the row has an object (Object). The row was not written.',
    );
    expect(() => writer.append({ unmapped: { keys: ['a'], values: [1] } })).toThrow('unmapped{value}');
    expect(() => writer.append({ unmapped: { keys: [null], values: ['a'] } })).toThrow('unmapped{key}');
    expect(() => writer.append([] as unknown as Row)).toThrow('(row)');
  });
});

describe('the file', () => {
  test('has the schema Security Lake and Athena read: three-level lists, maps, everything optional but keys', () => {
    const columns: Column[] = [
      leaf('time', 'int64'),
      leaf('time_dt', 'timestamp'),
      { kind: 'list', name: 'l', element: leaf('element', 'string') },
      { kind: 'map', name: 'm' },
      { kind: 'struct', name: 's', fields: [leaf('i', 'int32'), leaf('d', 'double'), leaf('b', 'boolean')] },
    ];
    const line = ({ repetition_type, type, name, converted_type, logical_type }: SchemaElement) =>
      [repetition_type, type, name, converted_type, logical_type && JSON.stringify(logical_type)]
        .filter(Boolean)
        .join(' ');
    expect(parquetMetadata(bufferOf(write({ columns }, [{}]))).schema.map(line)).toEqual([
      'schema',
      'OPTIONAL INT64 time',
      'OPTIONAL INT64 time_dt TIMESTAMP_MILLIS {"type":"TIMESTAMP","isAdjustedToUTC":true,"unit":"MILLIS"}',
      'OPTIONAL l LIST {"type":"LIST"}',
      'REPEATED list',
      'OPTIONAL BYTE_ARRAY element UTF8 {"type":"STRING"}',
      'OPTIONAL m MAP {"type":"MAP"}',
      'REPEATED key_value',
      'REQUIRED BYTE_ARRAY key UTF8 {"type":"STRING"}',
      'OPTIONAL BYTE_ARRAY value UTF8 {"type":"STRING"}',
      'OPTIONAL s',
      'OPTIONAL INT32 i',
      'OPTIONAL DOUBLE d',
      'OPTIONAL BOOLEAN b',
    ]);
  });

  test('is compressed with zstd, says who made it and carries the metadata', () => {
    const { created_by, key_value_metadata, row_groups, version } = parquetMetadata(
      bufferOf(write({ columns: nested, metadata: { module: 'azure', 'ocsf.version': '1.3.0' } }, nestedRows)),
    );
    expect([version, created_by]).toEqual([2, 'slake']);
    expect(key_value_metadata).toEqual([
      { key: 'module', value: 'azure' },
      { key: 'ocsf.version', value: '1.3.0' },
    ]);
    expect(new Set(row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec)))).toEqual(
      new Set(['ZSTD']),
    );
  });

  test('is the same for the same rows', () => {
    const rows = Array.from({ length: 2000 }, (_, index) => ({
      ...nestedRows[index % nestedRows.length],
      message: `${index % 700}`,
    }));
    const once = write({ columns: nested }, rows).bytes;
    expect(Buffer.compare(once, write({ columns: nested }, rows).bytes)).toBe(0);
  });

  test('counts nulls and knows the bounds of each column', async () => {
    const columns = (['int32', 'int64', 'double', 'boolean', 'string', 'timestamp'] as const).map((type) =>
      leaf(type, type),
    );
    const rows: Row[] = [
      { int32: 5, int64: 2n ** 60n, double: 1.5, boolean: true, string: 'b', timestamp: 1000 },
      { int32: -7, int64: -1, double: Number.NaN, boolean: true, string: '\u00e9', timestamp: -1000 },
      { string: 'a' },
    ];
    const found = await duck.query(
      write({ columns }, rows),
      'SELECT path_in_schema AS name, stats_min_value AS min, stats_max_value AS max, stats_null_count AS nulls FROM parquet_metadata($FILE)',
    );
    expect(found.map(({ name, min, max, nulls }) => [name, min, max, Number(nulls)])).toEqual([
      ['int32', '-7', '5', 1],
      ['int64', '-1', '1152921504606846976', 1],
      ['double', '1.5', '1.5', 1],
      ['boolean', 'true', 'true', 1],
      ['string', 'a', '\u00e9', 0],
      ['timestamp', '1969-12-31 23:59:59+00', '1970-01-01 00:00:01+00', 1],
    ]);
  });

  test('lets a reader skip files by their bounds without losing a row', async () => {
    const columns = [leaf('text', 'string'), leaf('n', 'int64')];
    const texts = [
      '',
      'a',
      'a'.repeat(64),
      'a'.repeat(65),
      `${'a'.repeat(65)}b`,
      '\u4e2d'.repeat(30),
      '\u{10ffff}'.repeat(20),
      'z',
    ];
    const rows = texts.map((text, n) => ({ text, n }));
    for (const row of rows) {
      const file = write({ columns }, [row]);
      for (const { text, n } of rows) {
        const found = await duck.query(file, `SELECT n FROM $FILE WHERE text = '${text}'`);
        expect(found).toEqual(row.n === n ? [{ n: BigInt(n) }] : []);
      }
    }
  });
});

describe('the writer', () => {
  test('refuses a shredder made for other columns', () => {
    expect(() =>
      createParquetWriter({ columns: [leaf('a', 'string')] }, compileShredder([leaf('a', 'int32')])),
    ).toThrow(expect.objectContaining({ entry: shredderStale }));
  });
});
