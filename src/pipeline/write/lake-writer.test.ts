// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadProgram } from '../build/load-program.ts';
import { signIn } from '../fixtures/mappings.ts';
import type { OcsfEvent } from '../map/mapper.ts';
import type { Program } from '../program.ts';
import { type LakeWriter, lakeWriter } from './lake-writer.ts';

const DAY = Date.UTC(2026, 0, 15);
/** Bytes of rows that the writer may hold. */
const MOST_HELD = 48 * 1024 * 1024;

let program: Program;
beforeAll(async () => {
  const file = join(import.meta.dirname, '..', 'fixtures', 'mappings.ts');
  ({ program } = await loadProgram([{ file, exportName: 'signIn', name: 'signIn', mapping: signIn }], '1.3.0'));
});

interface LakeObject {
  readonly key: string;
  readonly rows: number;
}

function writer(put?: () => Promise<void>): { readonly lake: LakeWriter; readonly objects: LakeObject[] } {
  const objects: LakeObject[] = [];
  const lake = lakeWriter({
    program,
    sources: [{ class: 'authentication', name: 'a', roleArn: 'arn:aws:iam::1:role/a', bucket: 'lake', prefix: '' }],
    store: {
      readRaw: () => Promise.reject(new Error('not used')),
      putRejected: () => Promise.reject(new Error('not used')),
      async putLake(_, key, body) {
        await put?.();
        const buffer = new Uint8Array(body).buffer;
        objects.push({ key, rows: Number(parquetMetadata(buffer).num_rows) });
      },
    },
    origin: 'raw/example/s/2026-01-15/a.ndjson.gz',
    region: 'eu-west-1',
    metadata: {},
  });
  return { lake, objects };
}

function row(account: number, time: number, raw_data = ''): OcsfEvent {
  return {
    time,
    user: { name: 'ana' },
    cloud: { provider: 'Example', account: { uid: `account-${account}` } },
    raw_data,
  };
}

function rowsOf(objects: readonly LakeObject[]): number {
  return objects.reduce((sum, { rows }) => sum + rows, 0);
}

describe('what is held is bounded', () => {
  test.each([
    ['one partition', 1, 1],
    ['many accounts', 700, 1],
    ['many accounts and days', 40, 30],
  ])('with %s', async (_, accounts, days) => {
    const raw = 'x'.repeat(200_000);
    const { lake, objects } = writer();
    let most = 0;
    for (let at = 0; at < 1_500; at += 1) {
      await lake.add('authentication', [row(at % accounts, DAY + (at % days) * 86_400_000, `${at}${raw}`)]);
      most = Math.max(most, (at + 1 - rowsOf(objects)) * raw.length);
    }
    await lake.finish();

    expect(most).toBeLessThanOrEqual(MOST_HELD);
    expect(rowsOf(objects)).toBe(1_500);
    expect(new Set(objects.map(({ key }) => key)).size).toBe(objects.length);
  });

  test('with tiny events, each in a partition of its own', async () => {
    const { lake } = writer(() => Promise.reject(new Error('written')));
    let added = 0;
    await expect(async () => {
      for (; added < 100_000; added += 1) await lake.add('authentication', [row(added, DAY)]);
    }).rejects.toThrow('written');

    expect(added).toBeLessThan(50_000);
  });
});

test('the fullest partitions are written first, so that objects are as large as they can be', async () => {
  const { lake, objects } = writer();
  for (let at = 0; at < 600; at += 1) {
    // Nine of ten rows are of one account.
    await lake.add('authentication', [row(at % 10 === 0 ? at + 1 : 0, DAY + at, `${at}`.padEnd(100_000))]);
  }
  const early = objects.map(({ key }) => key);
  await lake.finish();

  expect(early.length).toBeGreaterThan(0);
  expect(early.every((key) => key.includes('accountId=external_account-0/'))).toBe(true);
});

test('events that fit at once give one object a partition, named without a number', async () => {
  const { lake, objects } = writer();
  for (let at = 0; at < 200; at += 1) await lake.add('authentication', [row(at % 2, DAY + at)]);
  await lake.finish();

  expect(objects.map(({ rows }) => rows)).toEqual([100, 100]);
  for (const { key } of objects) expect(key).toMatch(/\/a-[0-9a-f]{16}\.parquet$/);
});
