// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadProgram } from './build/load-program.ts';
import * as mappings from './fixtures/mappings.ts';
import type { Program } from './program.ts';
import { readLines } from './read/lines.ts';
import { type TransformSummary, transform } from './transform.ts';
import type { LakeSource } from './write/lake-source.ts';
import type { Store } from './write/store.ts';

const file = join(import.meta.dirname, 'fixtures', 'mappings.ts');
const sources: readonly LakeSource[] = [
  { class: 'authentication', name: 'example-3002', roleArn: 'arn:aws:iam::1:role/a', bucket: 'lake', prefix: 'ext/a/' },
  {
    class: 'detection_finding',
    name: 'example-2004',
    roleArn: 'arn:aws:iam::1:role/b',
    bucket: 'lake',
    prefix: 'ext/b/',
  },
];
const DAY = Date.UTC(2026, 0, 15, 12);

let program: Program;

beforeAll(async () => {
  const files = Object.entries(mappings).map(([exportName, mapping]) => ({
    file,
    exportName,
    name: exportName,
    mapping,
  }));
  ({ program } = await loadProgram(files, '1.3.0'));
});

interface MemoryStore extends Store {
  readonly lake: Map<string, Uint8Array>;
  readonly rejected: Map<string, string>;
  failLake?: Error;
}

function memoryStore(): MemoryStore {
  const lake = new Map<string, Uint8Array>();
  const rejected = new Map<string, string>();
  const store: MemoryStore = {
    lake,
    rejected,
    async readRaw() {
      throw new Error('not used');
    },
    async putLake(source, key, body) {
      if (store.failLake) throw store.failLake;
      lake.set(`${source.prefix}${key}`, body);
    },
    async putRejected(key, body) {
      rejected.set(key, Buffer.from(body).toString('utf8'));
    },
  };
  return store;
}

function line(id: number | string, data: unknown): string {
  const head = { specversion: '1.0', id: String(id), source: '//example', type: 'org.example.stream' };
  return `${JSON.stringify(head).slice(0, -1)},"data":${typeof data === 'string' ? data : JSON.stringify(data)}}`;
}

async function* bytes(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.join('\n'));
}

function go(
  lines: readonly string[],
  store: Store,
  origin = 'raw/example/s/2026-01-15/a.ndjson.gz',
): Promise<TransformSummary> {
  const options = { program, sources, store, region: 'eu-west-1', module: 'example', moduleVersion: '1.2.3', origin };
  return transform(readLines(bytes(lines), 1_000_000), options);
}

function rows(file: Uint8Array): Promise<Record<string, unknown>[]> {
  const copy = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  const compressors = { ZSTD: (input: Uint8Array) => new Uint8Array(zstdDecompressSync(input)) };
  return parquetReadObjects({ file: copy, compressors });
}

function lakeKeys(store: MemoryStore): string[] {
  return [...store.lake.keys()].toSorted();
}

test('lines without anything are no events, wherever they end', async () => {
  const good = line('e1', { user: 'ana', at: DAY, account: '210987654321', outcome: 'ok' });

  expect(await go(['', '\r', good, '\r', ''], memoryStore())).toMatchObject({ events: 1, rejected: 0 });
});

describe('an accepted event', () => {
  test('lies in the partition of its own account and day, with its id', async () => {
    const store = memoryStore();
    await go([line('e1', { user: 'ana', at: DAY, account: '210987654321', outcome: 'ok' })], store);

    const [key = ''] = lakeKeys(store);
    expect(key).toMatch(
      /^ext\/a\/region=eu-west-1\/accountId=210987654321\/eventDay=20260115\/a-[0-9a-f]{16}\.parquet$/,
    );
    const [row] = await rows(store.lake.get(key) as Uint8Array);
    expect(row).toMatchObject({ class_uid: 3002, type_uid: 300201n, status: 'Success', metadata: { uid: 'e1' } });
  });

  test.each([
    ['0e4f9b6e-1111-4222-8333-444455556666', 'external_0e4f9b6e-1111-4222-8333-444455556666'],
    ['a/../b c', 'external_a____b_c'],
    [undefined, 'external'],
  ])('of the account %s lies below accountId=%s', async (account, expected) => {
    const store = memoryStore();
    await go([line('e1', { user: 'ana', at: DAY, account })], store);

    expect(lakeKeys(store)[0]).toContain(`/accountId=${expected}/`);
  });

  test('keeps what the mapping does not read, and the text of the source to the letter', async () => {
    const store = memoryStore();
    const text = `{"user":"ana", "at":${DAY}, "big":12345678901234567890, "deep":{"a":[1,{"b":null}]}}`;
    const summary = await go([line('e1', text)], store);

    const [row] = await rows(store.lake.get(lakeKeys(store)[0] as string) as Uint8Array);
    expect(row?.raw_data).toBe(text);
    expect(row?.unmapped).toMatchObject({ deep: '{"a":[1,{"b":null}]}' });
    expect(summary.unmapped.get('deep')).toBe(1);
  });

  test('keeps a value that no table knows', async () => {
    const store = memoryStore();
    await go([line('e1', { user: 'ana', at: DAY, outcome: 'maybe' })], store);

    const [row] = await rows(store.lake.get(lakeKeys(store)[0] as string) as Uint8Array);
    expect(row).toMatchObject({ status_id: 0, unmapped: { outcome: 'maybe' } });
  });

  test('names its observables by attribute', async () => {
    const store = memoryStore();
    await go([line('e1', { user: 'ana', at: DAY, address: '192.0.2.7' })], store);

    const [row] = await rows(store.lake.get(lakeKeys(store)[0] as string) as Uint8Array);
    expect(row?.observables).toContainEqual({
      name: 'src_endpoint.ip',
      type: 'IP Address',
      type_id: 2,
      value: '192.0.2.7',
    });
  });

  test('with several rows gives each its own uid', async () => {
    const store = memoryStore();
    const summary = await go(
      [
        line('e1', {
          at: DAY,
          findings: [
            { id: 'a', title: 'A' },
            { id: 'b', title: 'B' },
          ],
        }),
      ],
      store,
    );

    const found = await rows(store.lake.get(lakeKeys(store)[0] as string) as Uint8Array);
    expect(found.map((row) => (row.metadata as { uid: string }).uid)).toEqual(['e1#0', 'e1#1']);
    expect(summary.written.get('detection_finding')?.rows).toBe(2);
  });
});

test('rows of an object are ordered by time', async () => {
  const store = memoryStore();
  await go(
    [3, 1, 2].map((at) => line(at, { user: 'ana', at: DAY + at })),
    store,
  );

  const found = await rows(store.lake.get(lakeKeys(store)[0] as string) as Uint8Array);
  expect(found.map((row) => Number(row.time) - DAY)).toEqual([1, 2, 3]);
});

test('each class and day has an object of its own', async () => {
  const store = memoryStore();
  const day = 24 * 3_600_000;
  await go(
    [
      line(1, { user: 'a', at: DAY }),
      line(2, { user: 'a', at: DAY + day }),
      line(3, { at: DAY, findings: [{ id: 'x', title: 'X' }] }),
    ],
    store,
  );

  expect(
    lakeKeys(store).map((key) =>
      key
        .split('/')
        .slice(0, 2)
        .concat(key.match(/eventDay=\d+/)?.[0] ?? ''),
    ),
  ).toEqual([
    ['ext', 'a', 'eventDay=20260115'],
    ['ext', 'a', 'eventDay=20260116'],
    ['ext', 'b', 'eventDay=20260115'],
  ]);
});

test('doing it again writes the same keys and the same bytes', async () => {
  const lines = [1, 2, 3].map((at) => line(at, { user: 'ana', at: DAY + at }));
  const first = memoryStore();
  const second = memoryStore();
  await go([...lines, 'no json'], first);
  await go([...lines, 'no json'], second);

  expect([...second.lake]).toEqual([...first.lake]);
  expect([...second.rejected]).toEqual([...first.rejected]);
});

describe('a refused event', () => {
  test.each([
    ['no JSON at all', 'no json', 'read', 'not_json'],
    ['two events in one line', line('e', { user: 'a', at: DAY }).repeat(2), 'read', 'not_json'],
    ['with a byte order mark', `\ufeff${line('e', { user: 'a', at: DAY })}`, 'read', 'not_json'],
    ['not of an object', '[1,2]', 'read', 'not_a_cloudevent'],
    ['null', 'null', 'read', 'not_a_cloudevent'],
    ['cut off', line('e', { user: 'ana', at: DAY }).slice(0, -9), 'read', 'not_json'],
    ['no CloudEvent', '{"hello":"world"}', 'read', 'not_a_cloudevent'],
    [
      'a body that was no JSON',
      '{"specversion":"1.0","id":"e","source":"s","type":"org.example.stream","data_base64":"AAE="}',
      'read',
      'body_not_json',
    ],
    ['of a kind nobody maps', line('e', { other: true }), 'map', 'unmatched'],
    ['without rows', line('e', { at: DAY, findings: [] }), 'map', 'no_rows'],
    [
      'without a required attribute',
      line('e', { user: 'ana', at: 'yesterday' }),
      'validate',
      'attribute_required_missing',
    ],
  ])('%s goes to rejected/ with its reason, and its neighbours to the lake', async (_, bad, stage, code) => {
    const store = memoryStore();
    const good = line('good', { user: 'ana', at: DAY });
    const summary = await go([good, bad, good.replace('"good"', '"too"')], store);

    const [[key = '', text = ''] = []] = [...store.rejected];
    expect(key).toMatch(/^rejected\/example\/s\/2026-01-15\/a-[0-9a-f]{16}\.ndjson$/);
    expect(JSON.parse(text)).toMatchObject({
      stage,
      original: bad,
      module: 'example',
      moduleVersion: '1.2.3',
      reasons: expect.arrayContaining([expect.objectContaining({ code })]),
    });
    expect(summary).toMatchObject({ events: 3, rejected: 1 });
    expect(summary.written.get('authentication')?.rows).toBe(2);
  });

  test('above the line limit is counted, not held', async () => {
    const store = memoryStore();
    const summary = await go([line('e', { user: 'x'.repeat(1_100_000), at: DAY })], store);

    expect(summary.reasons.get('read:line_too_long')).toBe(1);
  });

  test('has all reasons, and no row of it is in the lake', async () => {
    const store = memoryStore();
    await go([line('e', { at: DAY, findings: [{ id: 'a', title: 'A' }, { title: 5 }, {}] })], store);

    expect(store.lake.size).toBe(0);
    const { reasons } = JSON.parse([...store.rejected.values()][0] as string) as { reasons: { path: string }[] };
    expect(reasons.map(({ path }) => path)).toEqual(expect.arrayContaining(['#1 finding_info.uid', '#2 finding_info']));
  });
});

test.each([
  ['seconds', DAY / 1_000],
  ['microseconds', DAY * 1_000],
  ['nanoseconds', DAY * 1_000_000],
  ['zero', 0],
  ['before the year 1', -1e15],
  ['beyond every date', 8.64e15 + 1],
  ['as large as a number gets', Number.MAX_SAFE_INTEGER],
  ['a number beyond numbers', '1e400'],
])('a time in %s is refused with its place, not stored under another day', async (_, at) => {
  const store = memoryStore();
  const summary = await go([line('e', `{"user":"ana","at":${at}}`)], store);

  expect(store.lake.size).toBe(0);
  expect(summary.rejected).toBe(1);
  const { reasons } = JSON.parse([...store.rejected.values()][0] as string) as { reasons: { path: string }[] };
  expect(reasons.map(({ path }) => path)).toContain('time');
});

test('of a key that stands twice the last one counts, and the text of the source keeps both', async () => {
  const store = memoryStore();
  const text = `{"user":"first","at":${DAY},"user":"last"}`;
  await go([line('e', text)], store);

  const [row] = await rows(store.lake.get(lakeKeys(store)[0] as string) as Uint8Array);
  expect(row).toMatchObject({ user: { name: 'last' }, raw_data: text });
});

test('when the lake refuses an object the whole message fails', async () => {
  const store = memoryStore();
  store.failLake = new Error('SlowDown');

  await expect(go([line('e1', { user: 'ana', at: DAY })], store)).rejects.toThrow('SlowDown');
});
