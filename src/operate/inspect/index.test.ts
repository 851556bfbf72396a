// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Column } from '../../ocsf/index.ts';
import { compileShredder } from '../../pipeline/write/parquet/compile-shredder.ts';
import { createParquetWriter } from '../../pipeline/write/parquet/writer.ts';
import { inspectObject } from './index.ts';

const TIME = Date.UTC(2026, 2, 4, 12);
const PATH = 'ext/demo-3002/region=us-east-1/accountId=123456789012/eventDay=20260304/a.parquet';
const folder = mkdtempSync(join(tmpdir(), 'slake-inspect-'));
let duck: DuckDBInstance;

beforeAll(async () => {
  duck = await DuckDBInstance.create(':memory:');
});
afterAll(() => {
  duck.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

const leaf = (name: string, type: 'string' | 'int32' | 'int64') => ({ kind: 'leaf', name, type }) as const;
const columns: readonly Column[] = [
  leaf('activity_id', 'int32'),
  leaf('category_uid', 'int32'),
  leaf('class_uid', 'int32'),
  {
    kind: 'struct',
    name: 'cloud',
    fields: [{ kind: 'struct', name: 'account', fields: [leaf('uid', 'string')] }, leaf('provider', 'string')],
  },
  {
    kind: 'struct',
    name: 'metadata',
    fields: [
      { kind: 'struct', name: 'product', fields: [leaf('name', 'string'), leaf('vendor_name', 'string')] },
      { kind: 'list', name: 'profiles', element: leaf('element', 'string') },
      leaf('version', 'string'),
    ],
  },
  { kind: 'struct', name: 'service', fields: [leaf('name', 'string')] },
  leaf('severity_id', 'int32'),
  leaf('time', 'int64'),
  leaf('type_uid', 'int64'),
  { kind: 'map', name: 'unmapped' },
  { kind: 'struct', name: 'user', fields: [leaf('name', 'string')] },
];

function row(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    activity_id: 1,
    category_uid: 3,
    class_uid: 3002,
    cloud: { account: { uid: '123456789012' }, provider: 'AWS' },
    metadata: { product: { name: 'Demo', vendor_name: 'Demo' }, profiles: ['cloud'], version: '1.3.0' },
    service: { name: 'Demo' },
    severity_id: 1,
    time: TIME,
    type_uid: 300201,
    unmapped: { 'a.b': 'c' },
    user: { name: 'ada' },
    ...changes,
  };
}

function ours(rows: readonly Record<string, unknown>[], written = columns): Uint8Array {
  const writer = createParquetWriter({ columns: written }, compileShredder(written));
  for (const each of rows) writer.append(each);
  return writer.finish().bytes;
}

/** Our file, written again by DuckDB with other options. */
async function rewritten(rows: readonly Record<string, unknown>[], options: string): Promise<Uint8Array> {
  const { writeFileSync } = await import('node:fs');
  const [from, to] = [join(folder, 'from.parquet'), join(folder, 'to.parquet')];
  writeFileSync(from, ours(rows));
  const connection = await duck.connect();
  await connection.run(`copy (select * from read_parquet('${from}')) to '${to}' (format parquet, ${options})`);
  connection.closeSync();
  return readFileSync(to);
}

async function findings(bytes: Uint8Array, path = PATH, own: readonly Column[] | undefined = columns) {
  const inspection = await inspectObject(path, bytes, () => own);
  return inspection.findings.map(({ code, level, message }) => `${level} ${code} ${message}`);
}

test('what our writer writes conforms', async () => {
  expect(await findings(ours([row(), row({ time: TIME + 1 })]))).toEqual([]);
});

test('what a path does not tell is not checked', async () => {
  expect(await findings(ours([row()]), 'a.parquet', undefined)).toEqual([
    'not-checked LAKE-PATH-001 the path holds no partition',
    'not-checked LAKE-PATH-002 the path holds no eventDay',
    'not-checked LAKE-PATH-003 the path holds no accountId',
    'not-checked LAKE-COLUMNS-001 the source is not one of a module here',
  ]);
});

describe('a file of another writer breaks one rule and is told only that', () => {
  test('compression', async () => {
    expect(await findings(await rewritten([row()], 'compression snappy'))).toEqual([
      'warning LAKE-CODEC-001 columns are compressed with SNAPPY',
    ]);
  });

  test('pages above 1 MB', async () => {
    const many = Array.from({ length: 3_000 }, (_, at) => row({ unmapped: { key: `${at}`.padEnd(600, String(at)) } }));

    expect(await findings(await rewritten(many, 'compression zstd'))).toEqual([
      expect.stringMatching(
        /^error LAKE-PAGE-001 \d+ of \d+ pages are larger, the largest has \d+ bytes \(unmapped\.key_value\.value\)$/,
      ),
    ]);
    expect(await findings(ours(many))).toEqual([]);
  });
});

describe('rows', () => {
  test('out of order', async () => {
    expect(await findings(ours([row({ time: TIME + 5 }), row()]))).toEqual([
      'error LAKE-ORDER-001 row 1 is earlier than the row before it',
    ]);
  });

  test('of another day or account than their folder', async () => {
    const other = row({ time: TIME + 86_400_000, cloud: { account: { uid: 'sub-1' }, provider: 'Azure' } });

    expect(await findings(ours([row(), other]))).toEqual([
      'error LAKE-PATH-002 1 of 2 rows are of 20260305',
      'error LAKE-PATH-003 1 of 2 rows belong to external_sub-1',
    ]);
  });

  test('of several classes', async () => {
    const other = row({ class_uid: 3003, type_uid: 300301 });

    expect(await findings(ours([row(), other]))).toContain('error LAKE-CLASS-001 rows of the classes 3002, 3003');
  });

  test('that are no OCSF, with how many there are', async () => {
    const bad = row({ type_uid: 1, metadata: { product: { name: 'Demo' }, profiles: ['cloud'], version: '1.3.0' } });

    expect(await findings(ours([row(), bad, bad]))).toEqual([
      expect.stringMatching(
        /^error LAKE-OCSF-001 attribute_required_missing metadata\.product\.vendor_name: .* \(2 of 3 rows\)$/,
      ),
      expect.stringMatching(/^error LAKE-OCSF-001 attribute_enum_value_unknown type_uid: .* \(2 of 3 rows\)$/),
      expect.stringMatching(/^error LAKE-OCSF-001 type_uid_incorrect type_uid: .* \(2 of 3 rows\)$/),
    ]);
  });

  test('of a version that Security Lake does not take', async () => {
    const metadata = { product: { name: 'Demo', vendor_name: 'Demo' }, profiles: ['cloud'], version: '1.8.0' };

    expect(await findings(ours([row({ metadata })]))).toContain('error LAKE-OCSF-002 rows of version 1.8.0');
  });
});

test.each([
  [
    'ext/demo-3002/region=us-east-1/accountid=123456789012/eventday=20260304/a.parquet',
    'the folders are region=us-east-1/accountid=123456789012/eventday=20260304',
  ],
  [
    'ext/demo-3002/region=us-east-1/accountId=123456789012/eventDay=2026-03-04/a.parquet',
    'eventDay is 2026-03-04, not YYYYMMDD',
  ],
])('a path that is written otherwise: %s', async (path, message) => {
  expect(await findings(ours([row()]), path)).toContain(`error LAKE-PATH-001 ${message}`);
});

test('columns that are missing, or not of the source', async () => {
  const fewer = columns.filter(({ name }) => name !== 'unmapped');
  const { unmapped: _, ...rest } = row();

  expect(await findings(ours([rest], fewer))).toEqual([
    'error LAKE-COLUMNS-001 2 columns are missing: unmapped.key_value.key, unmapped.key_value.value',
  ]);
  expect(await findings(ours([row()]), PATH, fewer)).toEqual([
    'error LAKE-COLUMNS-001 2 columns are not of the source: unmapped.key_value.key, unmapped.key_value.value',
  ]);
});

test.each([
  ['empty', new Uint8Array(), 'the file is empty'],
  ['no Parquet', Buffer.from('{"class_uid": 3002}'), 'the file is no Parquet: it does not begin with PAR1'],
  ['cut off', ours([row()]).subarray(0, 200), 'the file is cut off: it does not end with PAR1'],
  ['encrypted', Buffer.from('PARE........PARE'), 'the file is encrypted'],
])('a file that is %s is one finding', async (_, bytes, message) => {
  expect(await findings(bytes)).toEqual([`error LAKE-FILE-001 ${message}`]);
});

test('a file with any byte changed is judged or found unreadable, never more', async () => {
  const bytes = ours([row(), row({ time: TIME + 1 })]);
  for (let at = 0; at < bytes.length; at += 7) {
    const broken = Uint8Array.from(bytes);
    broken[at] = (broken[at] ?? 0) ^ 0x55;
    await expect(inspectObject(PATH, broken, () => columns)).resolves.toMatchObject({ name: PATH });
  }
});
