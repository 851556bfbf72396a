// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Column } from '../../ocsf/index.ts';
import { TextMap } from '../../ocsf/text-map.ts';
import { write } from '../../pipeline/write/parquet/reading.testing.ts';
import { createInspector, type Inspector, type LakeSource, lakeRules } from './index.ts';
import type { LakeObject } from './rule.ts';

const TIME = Date.UTC(2026, 2, 4, 12);
const DAY = 86_400_000;
const PATH = 'ext/demo-3002/region=us-east-1/accountId=123456789012/eventDay=20260304/a.parquet';
const folder = mkdtempSync(join(tmpdir(), 'slake-inspect-test-'));
let duck: DuckDBConnection;
let inspector: Inspector;
let files = 0;

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
const source: LakeSource = { name: 'demo-3002', className: 'authentication', classUid: 3002, columns };

beforeAll(async () => {
  duck = await (await DuckDBInstance.create(':memory:')).connect();
  inspector = createInspector(({ name }) => (name === source.name ? source : undefined));
});
afterAll(() => {
  duck.closeSync();
  inspector.close();
  rmSync(folder, { recursive: true, force: true });
});

type Row = Record<string, unknown>;

function textMap(key: string, value: string): TextMap {
  const map = new TextMap();
  map.add(key, value);
  return map;
}

function row(changes: Row = {}): Row {
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
    unmapped: textMap('a.b', 'c'),
    user: { name: 'ada' },
    ...changes,
  };
}

function ofVersion(version: unknown): Row {
  return row({ metadata: { ...(row().metadata as Row), version } });
}

function ours(rows: readonly Row[], written = columns): Uint8Array {
  return write({ columns: written }, rows).bytes;
}

/** The rows as DuckDB writes them: `select` takes from the table `events`. */
async function byDuckDb(
  rows: readonly Row[],
  { select = 'select * from events', options = 'compression zstd' } = {},
): Promise<Uint8Array> {
  files += 1;
  const [from, to] = [join(folder, `${files}-from.parquet`), join(folder, `${files}-to.parquet`)];
  writeFileSync(from, ours(rows));
  const query = select.replace('events', `(select * from read_parquet('${from}')) as events`);
  await duck.run(`copy (${query}) to '${to}' (format parquet, ${options})`);
  return readFileSync(to);
}

/** A file of codec LZ4_RAW whose footer names another one: field 4 of the column metadata, an i32 in zigzag form. */
function withCodec(lz4Raw: Uint8Array, codec: number): Uint8Array {
  const bytes = Buffer.from(lz4Raw);
  for (let at = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8); at < bytes.length - 8; at++) {
    if (bytes[at] === 0x15 && bytes[at + 1] === 7 * 2) bytes[at + 1] = codec * 2;
  }
  return bytes;
}

type Schema = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>;

/** An event as hyparquet-writer writes it, with `metadata.profiles` in the given form. */
function byHyparquetWriter(profiles: Schema): Uint8Array {
  const text = (name: string) =>
    ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }) as const;
  const number = (name: string, type: 'INT32' | 'INT64') => ({ name, type, repetition_type: 'OPTIONAL' }) as const;
  const group = (name: string, children: number) =>
    ({ name, num_children: children, repetition_type: 'OPTIONAL' }) as const;
  const product = { name: 'Demo', vendor_name: 'Demo' };
  const data: Row = {
    activity_id: 1,
    category_uid: 3,
    class_uid: 3002,
    cloud: { provider: 'Demo' },
    metadata: { product, profiles: ['cloud'], version: '1.3.0' },
    service: { name: 'Demo' },
    severity_id: 1,
    time: BigInt(TIME),
    type_uid: 300201n,
    user: { name: 'ada' },
  };
  const schema: Schema = [
    { name: 'root', num_children: Object.keys(data).length },
    number('activity_id', 'INT32'),
    number('category_uid', 'INT32'),
    number('class_uid', 'INT32'),
    group('cloud', 1),
    text('provider'),
    group('metadata', 3),
    group('product', 2),
    text('name'),
    text('vendor_name'),
    ...profiles,
    text('element'),
    text('version'),
    group('service', 1),
    text('name'),
    number('severity_id', 'INT32'),
    number('time', 'INT64'),
    number('type_uid', 'INT64'),
    group('user', 1),
    text('name'),
  ];
  const columnData = Object.entries(data).map(([name, value]) => ({ name, data: [value] }));
  const compressors = { ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes) };
  return new Uint8Array(parquetWriteBuffer({ schema, columnData, codec: 'ZSTD', compressors }));
}

/** What is found, as `level code message`; `not-checked` only where asked for. */
async function findings(bytes: Uint8Array, path = PATH, { notChecked = false } = {}): Promise<string[]> {
  files += 1;
  const file = join(folder, `${files}.parquet`);
  writeFileSync(file, bytes);
  const { findings: found } = await inspector.inspect({ name: path, path: file, bytes: bytes.length });
  rmSync(file);
  return found
    .filter(({ level }) => notChecked || level !== 'not-checked')
    .map(({ code, level, message }) => `${level} ${code} ${message}`);
}

const UNPARTITIONED = 'a.parquet';
const OTHER_SOURCE = PATH.replace('demo-3002', 'elsewhere');

describe('what conforms has no findings:', () => {
  test('our own file', async () => {
    expect(await findings(ours([row(), row({ time: TIME + 1 })]), PATH, { notChecked: true })).toEqual([]);
  });

  test('a file of DuckDB', async () => {
    expect(await findings(await byDuckDb([row(), row()]), PATH, { notChecked: true })).toEqual([]);
  });

  test('a file of hyparquet-writer, whose lists have three levels', async () => {
    const list: Schema = [
      { name: 'profiles', converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ];

    expect(await findings(byHyparquetWriter(list), UNPARTITIONED)).toEqual([]);
  });

  test.each(['external_sub_1', 'external_sub.1', 'external'])('an account outside of AWS in %s', async (account) => {
    const cloud = { account: { uid: 'sub/1' }, provider: 'Azure' };

    expect(await findings(ours([row({ cloud })]), PATH.replace('123456789012', account))).toEqual([]);
  });
});

test('what a path does not tell is not checked', async () => {
  expect(await findings(ours([row()]), 'a.parquet', { notChecked: true })).toEqual([
    'not-checked LAKE-CLASS-002 the source is not one of a module here',
    'not-checked LAKE-PATH-001 the path holds no partition',
    'not-checked LAKE-PATH-002 the path holds no eventDay',
    'not-checked LAKE-PATH-003 the path holds no accountId',
    'not-checked LAKE-PATH-004 the path holds no region',
    'not-checked LAKE-COLUMNS-001 the source is not one of a module here',
  ]);
});

describe('rows of a version that Security Lake takes and that has no tables here are not checked:', () => {
  test.each(['1.0.0', '1.2.0', '1.0.0-rc.2'])('%s', async (version) => {
    const rows = [ofVersion(version), ofVersion(version)];

    expect(await findings(ours(rows), PATH, { notChecked: true })).toEqual([
      `not-checked LAKE-OCSF-001 2 of 2 rows are of version ${version}; there are tables of 1.1.0, 1.3.0, 1.8.0`,
    ]);
  });

  test('the rows beside them are', async () => {
    const rows = [ofVersion('1.2.0'), row(), row({ type_uid: 300202 })];

    expect(await findings(ours(rows), PATH, { notChecked: true })).toEqual([
      'error LAKE-OCSF-001 type_uid_incorrect type_uid: class_uid * 100 + activity_id is 300201 (1 of 3 rows, first row 2)',
      'not-checked LAKE-OCSF-001 1 of 3 rows is of version 1.2.0; there are tables of 1.1.0, 1.3.0, 1.8.0',
    ]);
  });
});

describe('rows without a time in epoch milliseconds are not compared by time:', () => {
  test.each([
    ['none', undefined, 'attribute_required_missing time: required'],
    [
      'microseconds',
      TIME * 1_000,
      'attribute_value_exceeds_range time: outside 100000000000 to 4102444799999 of timestamp_t',
    ],
  ])('%s', async (_, time, problem) => {
    expect(await findings(ours([row(), row({ time }), row()]), PATH, { notChecked: true })).toEqual([
      'not-checked LAKE-ORDER-001 1 of 3 rows has no time in epoch milliseconds',
      `error LAKE-OCSF-001 ${problem} (1 of 3 rows, first row 1)`,
      'not-checked LAKE-PATH-002 1 of 3 rows has no time in epoch milliseconds',
    ]);
  });
});

describe('a file of another writer that breaks one rule is told only that:', () => {
  test('LAKE-FORMAT-001', async () => {
    const bytes = Uint8Array.from(await byDuckDb([row()]));
    const footer = bytes.length - 8 - new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
    // The footer begins with the version: field 1, an i32 in zigzag form.
    expect([...bytes.subarray(footer, footer + 2)]).toEqual([0x15, 0x02]);
    bytes[footer + 1] = 0x06;

    expect(await findings(bytes)).toEqual(['error LAKE-FORMAT-001 the format version is 3']);
  });

  test('LAKE-PAGE-001', async () => {
    const many = Array.from({ length: 3_000 }, (_, at) =>
      row({ unmapped: textMap('key', `${at}`.padEnd(600, String(at))) }),
    );

    expect(await findings(await byDuckDb(many))).toEqual([
      expect.stringMatching(
        /^error LAKE-PAGE-001 \d+ of \d+ pages? (is|are) larger, the largest has [\d,]+ bytes \(unmapped\.key_value\.value\)$/,
      ),
    ]);
    expect(await findings(ours(many))).toEqual([]);
  });

  test.each(['snappy', 'gzip', 'lz4_raw', 'brotli', 'uncompressed'])('LAKE-CODEC-001 %s', async (codec) => {
    expect(await findings(await byDuckDb([row()], { options: `compression ${codec}` }))).toEqual([
      `warning LAKE-CODEC-001 columns are compressed with ${codec.toUpperCase()}`,
    ]);
  });

  test.each<[string, Schema]>([
    [
      'metadata.profiles is repeated outside of a LIST or MAP',
      [{ name: 'profiles', repetition_type: 'REPEATED', num_children: 1 }],
    ],
    [
      'metadata.profiles is a list of two levels',
      [
        { name: 'profiles', converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
        { name: 'array', repetition_type: 'REPEATED', num_children: 1 },
      ],
    ],
  ])('LAKE-LIST-001 %s', async (message, profiles) => {
    expect(await findings(byHyparquetWriter(profiles), UNPARTITIONED)).toEqual([`error LAKE-LIST-001 ${message}`]);
  });

  test('LAKE-ROWS-001', async () => {
    expect(await findings(await byDuckDb([row()], { select: 'select * from events where false' }))).toEqual([
      'warning LAKE-ROWS-001 there is no row',
    ]);
  });

  test.each([
    [
      'pages of a dictionary alone',
      `UEFSMRUEFQAVEkwVABUAEgAAKLUv/SAAAQAAFQQZLDUAGAZzY2hlbWEVAgAVAiUCGAthY3Rpdml0eV9pZAAWABkcGRwmABwVAhklAAYZGAthY3Rp
      dml0eV9pZBUMFgAWHBYuJgAmCCkcFQQVABUCAAAAFhwWACYIFi4AKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRkcHAAAAIgAAABQ
      QVIx`,
    ],
    [
      'no page',
      `UEFSMRUEGSw1ABgGc2NoZW1hFQIAFQIlAhgLYWN0aXZpdHlfaWQAFgAZHBkcJgAcFQIZFQYZGAthY3Rpdml0eV9pZBUMFgAWABYAJgBJDAAAFgAW
      ACYAFgAAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRkcHAAAAH4AAABQQVIx`,
    ],
  ])('LAKE-ROWS-001 where pyarrow writes a row group with %s', async (_, base64) => {
    expect(await findings(Buffer.from(base64, 'base64'), OTHER_SOURCE)).toEqual([
      'warning LAKE-ROWS-001 there is no row',
    ]);
  });

  test('LAKE-ORDER-001', async () => {
    const rows = [row(), row({ time: TIME + 1 }), row({ time: TIME + 2 })];
    const select = 'select * from events order by time desc';

    expect(await findings(await byDuckDb(rows, { select }))).toEqual([
      'error LAKE-ORDER-001 2 of 3 rows are earlier than the row before them, first row 1',
    ]);
  });

  test('LAKE-CLASS-001', async () => {
    const other = row({ class_uid: 3003, type_uid: 300301, activity_id: 1 });

    expect(await findings(await byDuckDb([row(), other]), OTHER_SOURCE)).toContain(
      'error LAKE-CLASS-001 rows of the classes 3002, 3003',
    );
  });

  test('LAKE-CLASS-002', async () => {
    const select = `select * replace (6003 as class_uid, 6 as category_uid, 600301 as type_uid),
      struct_pack(operation := 'Read') as api, struct_pack(ip := '192.0.2.1') as src_endpoint,
      struct_pack(user := "user") as actor from events`;
    const bytes = await byDuckDb([row()], {
      select: select.replace('* replace', '* exclude ("user", service) replace'),
    });

    expect((await findings(bytes)).filter((text) => !text.includes('LAKE-COLUMNS'))).toEqual([
      'error LAKE-CLASS-002 rows of class 6003; demo-3002 has 3002 (authentication)',
    ]);
  });

  test('LAKE-OCSF-001', async () => {
    const bad = row({ type_uid: 300202 });

    expect(await findings(await byDuckDb([row(), bad, bad]))).toEqual([
      'error LAKE-OCSF-001 type_uid_incorrect type_uid: class_uid * 100 + activity_id is 300201 (2 of 3 rows, first row 1)',
    ]);
  });

  test.each(['1.8.0', '1.4.0', '2.0.0', '1.4.0-dev'])('LAKE-OCSF-002 %s', async (version) => {
    expect(await findings(await byDuckDb([ofVersion(version)]))).toEqual([
      `error LAKE-OCSF-002 rows of version ${version}`,
    ]);
  });

  test.each<[unknown, string]>([
    ['abc', 'version_invalid_format metadata.version: "abc" is not a semantic version'],
    ['1.3', 'version_invalid_format metadata.version: "1.3" is not a semantic version'],
    ['9'.repeat(99), `version_invalid_format metadata.version: "${'9'.repeat(40)}..." is not a semantic version`],
    [undefined, 'attribute_required_missing metadata.version: required'],
  ])('LAKE-OCSF-001 version %s', async (version, message) => {
    expect(await findings(ours([ofVersion(version)]), PATH, { notChecked: true })).toEqual([
      `error LAKE-OCSF-001 ${message} (1 of 1 row, first row 0)`,
    ]);
  });

  test('LAKE-OCSF-001 without a class', async () => {
    expect(await findings(ours([row({ class_uid: undefined })]), PATH, { notChecked: true })).toEqual([
      'not-checked LAKE-CLASS-001 no row has a class_uid',
      'not-checked LAKE-CLASS-002 no row has a class_uid',
      'error LAKE-OCSF-001 attribute_required_missing class_uid: required (1 of 1 row, first row 0)',
    ]);
  });

  test.each([
    [
      'region=us-east-1/accountid=123456789012/eventday=20260304',
      'the folders are region=us-east-1/accountid=123456789012/eventday=20260304',
    ],
    ['region=us-east-1/accountId=123456789012/eventDay=2026-03-04', 'eventDay is 2026-03-04, not YYYYMMDD'],
    [
      'accountId=123456789012/region=us-east-1/eventDay=20260304',
      'the folders are accountId=123456789012/region=us-east-1/eventDay=20260304',
    ],
  ])('LAKE-PATH-001 %s', async (folders, message) => {
    expect(await findings(await byDuckDb([row()]), `ext/demo-3002/${folders}/a.parquet`)).toEqual([
      `error LAKE-PATH-001 ${message}`,
    ]);
  });

  test('LAKE-PATH-002', async () => {
    expect(await findings(await byDuckDb([row(), row({ time: TIME + DAY })]))).toEqual([
      'error LAKE-PATH-002 1 of 2 rows is of 20260305',
    ]);
  });

  test.each([
    ['123456789012', 'external_sub-1'],
    ['external_sub-2', '123456789012, external_sub-1'],
    ['external', '123456789012'],
    ['external_123456789012', '123456789012, external_sub-1'],
  ])('LAKE-PATH-003 %s', async (account, others) => {
    const foreign = row({ cloud: { account: { uid: 'sub-1' }, provider: 'Azure' } });
    const many = others.includes(',') ? '2 of 2 rows are' : '1 of 2 rows is';

    expect(await findings(await byDuckDb([row(), foreign]), PATH.replace('123456789012', account))).toEqual([
      `error LAKE-PATH-003 ${many} of account ${others}`,
    ]);
  });

  test.each([
    [PATH.replace('us-east-1', 'westeurope'), 'westeurope is no AWS Region'],
    [`s3://aws-security-data-lake-eu-west-1-abc/${PATH}`, 'region is us-east-1, the bucket lies in eu-west-1'],
  ])('LAKE-PATH-004 %s', async (path, message) => {
    expect(await findings(await byDuckDb([row()]), path)).toEqual([`error LAKE-PATH-004 ${message}`]);
  });

  test.each([
    ['select * exclude (unmapped) from events', '1 column is missing: unmapped'],
    ["select *, 'x' as message, 1 as count from events", '2 columns are not of the source: message, count'],
    [
      'select * replace (severity_id::bigint as severity_id) from events',
      '1 column has another type: severity_id is int64, not int32',
    ],
  ])('LAKE-COLUMNS-001 %s', async (select, message) => {
    expect(await findings(await byDuckDb([row()], { select }))).toEqual([`error LAKE-COLUMNS-001 ${message}`]);
  });

  test.each([
    ['severity_id::bigint as severity_id', 'severity_id is int64, not int32'],
    ['severity_id::utinyint as severity_id', 'severity_id is uint8, not int32'],
    ['severity_id::smallint as severity_id', 'severity_id is int16, not int32'],
    ['time::ubigint as time', 'time is uint64, not int64'],
    ["map {'a': 1::bigint} as unmapped", 'unmapped is map<string, int64>, not a map of texts'],
    ["map {'a': ['b']} as unmapped", 'unmapped is map<string, list>, not a map of texts'],
  ])('LAKE-TYPE-001 %s', async (replace, message) => {
    const select = `select * replace (${replace}) from events`;

    expect(await findings(await byDuckDb([row()], { select }), OTHER_SOURCE)).toEqual([
      `warning LAKE-TYPE-001 1 column does not fit: ${message}`,
    ]);
  });

  test('LAKE-GROUP-001', () => {
    const limit = 256 * 1024 * 1024;
    const rule = lakeRules.find(({ code }) => code === 'LAKE-GROUP-001');
    const file = { rowGroups: [{ compressedBytes: limit }, { compressedBytes: limit + 1 }] };

    expect(rule?.look({ file } as unknown as LakeObject)).toEqual(['row group 1 has 268,435,457 bytes']);
  });
});

test('the columns that a writer infers from JSON are told with what OCSF has instead', async () => {
  const json = join(folder, 'events.json');
  const event = { ...row(), time: new Date(TIME).toISOString(), unmapped: { a: 'b' }, tags: 'x' };
  writeFileSync(json, JSON.stringify(event));
  const to = join(folder, 'inferred.parquet');
  await duck.run(`copy (select * from read_json_auto('${json}')) to '${to}' (format parquet, compression snappy)`);
  const path = 'ext/other/region=us-east-1/accountid=123456789012/eventday=20260304/a.parquet';

  expect(await findings(readFileSync(to), path)).toEqual([
    'warning LAKE-CODEC-001 columns are compressed with SNAPPY',
    'error LAKE-OCSF-001 attribute_wrong_type time: expected timestamp_t, got string (1 of 1 row, first row 0)',
    'error LAKE-OCSF-001 attribute_unknown tags: not defined in class authentication (1 of 1 row, first row 0)',
    'error LAKE-PATH-001 the folders are region=us-east-1/accountid=123456789012/eventday=20260304',
    expect.stringMatching(
      /^warning LAKE-TYPE-001 \d columns do not fit: activity_id is int64, not int32, .* and \d more$/,
    ),
  ]);
});

test.each([
  ['LZO', 3],
  ['LZ4', 5],
])('a file of codec %s, which others read, is not checked', async (name, codec) => {
  const bytes = withCodec(await byDuckDb([row()], { options: 'compression lz4_raw' }), codec);

  expect(await findings(bytes, PATH, { notChecked: true })).toEqual([
    `not-checked LAKE-FILE-001 columns are compressed with ${name}, which is not read here`,
  ]);
});

describe('a file that cannot be read is one finding:', () => {
  test.each([
    ['empty', () => new Uint8Array(), 'the file is empty'],
    ['no Parquet', () => Buffer.from('{"class_uid": 3002}'), 'the file is no Parquet: it does not begin with PAR1'],
    ['short', () => Buffer.from('PAR1'), 'the file is no Parquet: it does not begin with PAR1'],
    ['cut off', () => ours([row()]).subarray(0, 200), 'the file is cut off: it does not end with PAR1'],
    [
      'with other bytes as its footer',
      () => Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(200), Buffer.from([200, 0, 0, 0]), Buffer.from('PAR1')]),
      'its footer cannot be read: it does not hold what a footer holds',
    ],
    [
      'without its beginning',
      () => Buffer.concat([Buffer.from('PAR1'), ours([row()]).subarray(900)]),
      'its footer cannot be read',
    ],
  ])('%s', async (_, make, message) => {
    const found = await findings(make());

    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^error LAKE-FILE-001 /);
    expect(found[0]).not.toContain(folder);
    expect(found[0]?.startsWith(`error LAKE-FILE-001 ${message}`)).toBe(true);
  });

  test('encrypted', async () => {
    await duck.run("set force_mbedtls_unsafe = 'true'");
    await duck.run("pragma add_parquet_key('k', '0123456789112345')");

    expect(await findings(await byDuckDb([row()], { options: "encryption_config {footer_key: 'k'}" }))).toEqual([
      'error LAKE-FILE-001 the file is encrypted',
    ]);
  });

  test('of another codec than it says, without the name it has while it is inspected', async () => {
    const bytes = withCodec(await byDuckDb([row()], { options: 'compression lz4_raw' }), 6);

    expect(await findings(bytes)).toEqual([
      expect.stringMatching(/^error LAKE-FILE-001 .*Failed to read the file: ZSTD/),
    ]);
  });

  test('with other bytes as its pages', async () => {
    const bytes = ours([row()]).fill(0xff, 4, 40);

    expect(await findings(bytes)).toEqual(['error LAKE-FILE-001 the pages of activity_id cannot be read']);
  });

  test('with any byte changed it is judged or found unreadable, never more; the next file is read again', async () => {
    const bytes = ours([row(), row({ time: TIME + 1 })]);
    for (let at = 0; at < bytes.length; at += 13) {
      const broken = Uint8Array.from(bytes);
      broken[at] = (broken[at] ?? 0) ^ 0x55;
      await findings(broken);
    }

    expect(await findings(bytes)).toEqual([]);
  });
});

test('a fault of what judges a file is not told as one of the file', async () => {
  const path = join(folder, 'faultless.parquet');
  writeFileSync(path, ours([row()]));
  const faulty = createInspector(() => {
    throw new Error('a fault');
  });
  onTestFinished(() => faulty.close());

  await expect(faulty.inspect({ name: PATH, path, bytes: statSync(path).size })).rejects.toThrow('a fault');
});

test('brackets and stars in a name are part of the name', async () => {
  const path = join(folder, 'odd [1]*.parquet');
  writeFileSync(path, ours([row()]));
  const { findings: found, rows } = await inspector.inspect({ name: PATH, path, bytes: statSync(path).size });

  expect({ found, rows }).toEqual({ found: [], rows: 1 });
});
