// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// Whatever a source delivers is mapped, or refused with a place; what is written is read back equal.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip, createGzip, gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadModules } from '../src/module/load.ts';
import type { ClassName } from '../src/ocsf/index.ts';
import { loadProgram, mappingFiles } from '../src/pipeline/build/load-program.ts';
import { tryEvent } from '../src/pipeline/build/sample.ts';
import type { Program } from '../src/pipeline/program.ts';
import { readLines } from '../src/pipeline/read/lines.ts';
import { MAX_LINE_BYTES, transform } from '../src/pipeline/transform.ts';
import { CDK_FOLDER } from '../src/release/deploy.ts';

const ROOT = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'slake-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { modules } = await loadModules(join(ROOT, CDK_FOLDER, 'modules'));
/** Every module with its compiled mappings and all its samples. */
const tried = await Promise.all(
  modules.map(async ({ id, folder: of, mappings }) => {
    const { program } = await loadProgram(mappingFiles(of, mappings), '1.3.0');
    const files = readdirSync(join(of, 'samples')).filter((file) => file.endsWith('.raw.json'));
    const samples = files.map((file): unknown => JSON.parse(readFileSync(join(of, 'samples', file), 'utf8')));
    return { id, folder: of, program, samples };
  }),
);
const azure = tried.find(({ id }) => id === 'azure');
if (!azure) throw new Error('no module azure');

function sample(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(azure?.folder ?? '', 'samples', `${name}.raw.json`), 'utf8'));
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    null,
    '',
    'None',
    Number.MAX_VALUE,
    -1,
    1e21,
    true,
    '\u0000',
    '\ud800',
    '9999-12-31T23:59:59Z',
    '0001-01-01T00:00:00Z',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** The event with other values at some of its paths. */
function mutated(event: unknown, places: readonly number[], values: readonly unknown[]): unknown {
  const copy = structuredClone(event);
  const paths: [holder: Record<string, unknown>, key: string][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      paths.push([value as Record<string, unknown>, key]);
      walk((value as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  for (const [at, place] of places.entries()) {
    const [holder, key] = paths[place % paths.length] ?? [];
    if (holder && key !== undefined) holder[key] = values[at % values.length];
  }
  return copy;
}

type Tried = (typeof tried)[number];

interface Result {
  readonly lake: number;
  readonly rejected: number;
  readonly files: readonly Uint8Array[];
  readonly keys: readonly string[];
  /** `<stage>:<code>` of what was refused. */
  readonly reasons: readonly string[];
}

async function run(lines: Iterable<string>, program: Program = (azure as Tried).program): Promise<Result> {
  const files: Uint8Array[] = [];
  const keys: string[] = [];
  const chunks = Readable.from(lines, { objectMode: true, highWaterMark: 16 }).map((line: string) =>
    Buffer.from(`${line}\n`),
  );
  const summary = await transform(readLines(chunks, MAX_LINE_BYTES), {
    program,
    sources: Object.keys(program.classes).map((name) => ({
      class: name as ClassName,
      name,
      roleArn: 'arn:aws:iam::123456789012:role/lake',
      bucket: 'lake',
      prefix: `ext/${name}/`,
    })),
    store: {
      readRaw: () => Promise.reject(new Error('not read here')),
      putRejected: () => Promise.resolve(),
      async putLake(_, key, body) {
        files.push(body);
        keys.push(key);
      },
    },
    region: 'us-east-1',
    module: 'azure',
    moduleVersion: '0.0.0',
    origin: 'raw/azure/s/2026-01-01/a.ndjson.gz',
  });
  const lake = [...summary.written.values()].reduce((sum, { rows }) => sum + rows, 0);
  return { lake, rejected: summary.rejected, files, keys, reasons: [...summary.reasons.keys()] };
}

function line(id: number | string, data: unknown): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `{"specversion":"1.0","id":"${id}","source":"//x","type":"com.microsoft.azure.eventhub","time":"2026-03-04T12:00:00Z","data":${text}}`;
}

/** An event of the module's samples with other values at some of its places. */
function mutatedSamples(samples: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      fc.constantFrom(...samples),
      fc.array(fc.nat(400), { minLength: 1, maxLength: 8 }),
      fc.array(anything, { minLength: 1, maxLength: 8 }),
    )
    .map(([event, places, values]) => mutated(event, places, values));
}

describe.each(tried)('the mappings of $id', ({ program, samples }) => {
  test('each take one of the samples that are mutated here', () => {
    const taken = new Set(samples.map((event) => tryEvent(program, event, 'x').mapping));

    expect(program.mappings.map(({ name }) => name).filter((name) => !taken.has(name))).toEqual([]);
  });

  test('throw at no JSON: they map, or refuse with a code', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: mutatedSamples(samples) }, anything), (event) => {
        const { rows, reasons } = tryEvent(program, event, 'x');

        expect(rows.length > 0).toBe(reasons.length === 0);
        expect(reasons.map(({ code }) => code)).not.toContain('mapping_failed');
        for (const { code, path } of reasons) if (code.startsWith('attribute_')) expect(path).not.toBe('');
      }),
      { numRuns: 4_000 },
    );
  });

  test('map nothing that cannot be written: each event is in the lake or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutatedSamples(samples), { minLength: 40, maxLength: 40 }), async (events) => {
        const { lake, rejected } = await run(
          events.map((event, at) => line(at, event)),
          program,
        );

        expect(lake + rejected).toBe(events.length);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a clock value', () => {
  const event = sample('sign-in-success');
  const at = (time: unknown) => {
    const properties = { ...(event.properties as object), createdDateTime: time };
    return tryEvent(azure.program, { ...event, time, properties }, 'x');
  };

  test.each(['2026-03-04T12:00:00.1234567Z', '2026-03-04 12:00:00', '2026-03-04T14:00:00+02:00'])(
    '%s is that moment',
    (time) => {
      expect(Math.floor(Number(at(time).rows[0]?.time) / 1000)).toBe(Date.UTC(2026, 2, 4, 12) / 1000);
    },
  );

  test.each(['0001-01-01T00:00:00Z', '10000-01-01T00:00:00Z', '9999-99-99T00:00:00Z', 'yesterday', 1e300, -5, null])(
    '%s is refused, never another time',
    (time) => {
      expect(at(time).rows).toEqual([]);
      expect(at(time).reasons).toMatchObject([{ path: 'time' }]);
    },
  );
});

test('text of every kind is read back as it was written', async () => {
  const texts = [
    '"quotes" \'and\' `more`',
    'a\nb\r\nc',
    'nul \u0000 here',
    '\u{1f512} astral',
    '\u2028\u2029',
    '\\"}{][',
    'x'.repeat(60_000),
    'half \ud800 a character',
  ];
  const event = sample('sign-in-success');
  const lines = texts.map((text, at) =>
    line(at, { ...event, properties: { ...(event.properties as object), appDisplayName: text } }),
  );
  const { files, lake } = await run(lines);
  const path = join(folder, 'texts.parquet');
  writeFileSync(path, files[0] ?? '');
  const duck = await DuckDBInstance.create(':memory:');
  const connection = await duck.connect();
  const reader = await connection.runAndReadAll(
    `select service.name as name from read_parquet('${path}') order by metadata.uid`,
  );
  const read = reader.getRowObjectsJS().map(({ name }) => name);
  connection.closeSync();
  duck.closeSync();

  expect(lake).toBe(texts.length);
  // Half a character has no UTF-8; raw_data keeps how the source wrote it.
  expect(read).toEqual(texts.map((text) => text.toWellFormed()));
});

test('keys that every object inherits change nothing but their own event', async () => {
  const event = JSON.stringify(sample('sign-in-success'));
  const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((key, at) =>
    line(`h${at}`, event.replace('{', `{"${key}":{"polluted":true,"category":"SignInLogs"},`)),
  );
  const { lake, rejected } = await run([...hostile, line('last', event)]);

  expect({ lake, rejected }).toEqual({ lake: 5, rejected: 0 });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('deep nesting refuses or keeps its own event, and no other', async () => {
  const event = JSON.stringify(sample('sign-in-success'));
  const deep = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
  const lines = [100, 5_000, 100_000].map((depth, at) => line(`d${at}`, event.replace('{', `{"deep":${deep(depth)},`)));
  const { lake, rejected, reasons } = await run([line('first', event), ...lines, line('last', event)]);

  expect(lake + rejected).toBe(5);
  expect(lake).toBeGreaterThanOrEqual(3);
  expect(reasons).toEqual(['map:too_deep']);
});

test('a small object that unpacks to a large one holds no more than a chunk of it', async () => {
  const zeros = Buffer.alloc(1_000_000);
  const packed = await buffer(Readable.from(Array(200).fill(zeros)).pipe(createGzip()));
  const before = process.memoryUsage().arrayBuffers;
  const unzip = Readable.from([packed]).pipe(createGunzip());
  let most = 0;
  async function* watched() {
    for await (const chunk of unzip) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      yield chunk as Uint8Array;
    }
  }
  const lines: unknown[] = [];
  for await (const batch of readLines(watched(), MAX_LINE_BYTES)) lines.push(...batch);

  expect(lines).toEqual([{ text: undefined, bytes: 200_000_000 }]);
  expect(most).toBeLessThan(100_000_000);
});

test('an event of 5 MB is kept, with what fits', async () => {
  const event = { ...sample('sign-in-success'), large: 'y'.repeat(5_000_000) };

  expect(await run([line('big', event)])).toMatchObject({ lake: 1, rejected: 0 });
});

test('an object whose events are all of other days and accounts is written in bounded parts', async () => {
  const event = JSON.stringify(sample('activity-role-assignment-created'));
  function* lines(): Generator<string> {
    for (let at = 0; at < 3_000; at += 1) {
      const day = new Date(Date.UTC(2026, 0, 1 + (at % 60))).toISOString();
      const account = `${String(at % 50).padStart(8, '0')}-1111-4111-8111-111111111111`;
      yield line(
        at,
        event.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, day).replaceAll(/(?<=subscriptions\/)[0-9a-f-]{36}/gi, account),
      );
    }
  }
  const { lake, keys } = await run(lines());

  expect(lake).toBe(3_000);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a raw object that is cut off, or no gzip, fails as a whole', async () => {
  const whole = gzipSync(`${line('a', sample('sign-in-success'))}\n`.repeat(500));
  for (const bytes of [whole.subarray(0, whole.length - 30), Buffer.from('no gzip')]) {
    const unzip = Readable.from([bytes]).pipe(createGunzip());
    const read = async () => {
      for await (const batch of readLines(unzip, MAX_LINE_BYTES)) expect(batch.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toThrow();
  }
});
