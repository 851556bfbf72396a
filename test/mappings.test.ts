// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MAX_TEXT, versionsOf } from '../src/contract/index.ts';
import { bundleTransformer } from '../src/infra/bundling/index.ts';
import { loadModules } from '../src/module/load.ts';
import { DEFAULT_OCSF_VERSION } from '../src/ocsf/index.ts';
import { loadProgram, mappingFiles, transformerEntry } from '../src/pipeline/build/load-program.ts';
import { judgeSample, orphanedExpectations, runSamples, tryEvent } from '../src/pipeline/build/sample.ts';
import type { OcsfEvent } from '../src/pipeline/map/mapper.ts';
import { pagesOf } from '../src/pipeline/write/parquet/reading.testing.ts';
import { createParquetWriter } from '../src/pipeline/write/parquet/writer.ts';
import { CDK_FOLDER } from '../src/release/deploy.ts';

const { modules } = await loadModules(join(resolve(import.meta.dirname, '..'), CDK_FOLDER, 'modules'));

describe.each(modules)('the mappings of $id', async ({ id, folder, mappings }) => {
  const files = mappingFiles(folder, mappings);
  const { program } = await loadProgram(files, DEFAULT_OCSF_VERSION);
  const samples = runSamples(folder, program);

  test.each(samples)('make of $name what is expected', (sample) => {
    const { rivals, reasons, actual, expected } = sample;
    const result = judgeSample(sample);

    if (result.verdict === 'differs') expect(actual).toEqual(expected);
    expect({ ...result, rivals, reasons }).toMatchObject({ isFine: true, rivals: [] });
  });

  test.each(samples.filter(({ rows }) => rows.length > 0))(
    'lose nothing of $name where it is too long to be kept as it was',
    ({ raw }) => {
      const padding = 'x'.repeat(MAX_TEXT);
      const { rows } = tryEvent(program, { ...(raw as object), padding }, 'long');
      const left = JSON.stringify(rows.map(({ unmapped }) => unmapped));

      expect(rows[0]?.raw_data).toBeUndefined();
      // What was JSON within text has its quotes marked once more.
      for (const leaf of leavesOf(raw)) expect(left.replaceAll('\\', '')).toContain(leaf.replaceAll('\\', ''));
    },
  );

  test.each(samples.filter(({ rows }) => rows.length > 0))(
    'make no page of $name too large, whatever is long in it',
    ({ raw }) => {
      const long = '\u20ac'.repeat(700_000);
      // Text that looks like JSON is read as such.
      for (const text of [long, JSON.stringify({ long })]) {
        for (const event of withEachLeaf(raw, text)) {
          const { rows, mapping: name } = tryEvent(program, event, 'long');
          const mapping = program.mappings.find((each) => each.name === name);
          const compiled = mapping && program.classes[mapping.class];
          if (!compiled || rows.length === 0) continue;
          const writer = createParquetWriter(compiled, compiled.shred);
          for (const row of rows) writer.append(row);
          const pages = writer.write([Uint32Array.from(rows.keys())]).flatMap(pagesOf);
          expect(Math.max(...pages.map(({ uncompressedBytes }) => uncompressedBytes))).toBeLessThanOrEqual(2 ** 20);
        }
      }
    },
  );

  test('have no expectation without a raw event', () => {
    expect(orphanedExpectations(folder)).toEqual([]);
  });

  test('are each reached by a sample', () => {
    const reached = new Set(samples.filter(({ rows }) => rows.length > 0).map(({ mapping }) => mapping));

    expect(program.mappings.filter(({ name }) => !reached.has(name)).map(({ name }) => name)).toEqual([]);
  });

  const claims = files.flatMap((file) => versionsOf(file.mapping).map((version) => ({ ...file, version })));

  test.each(claims)('$name holds in OCSF $version', async ({ version, ...file }) => {
    const { program: single } = await loadProgram([file], version);
    const taken = new Set(samples.filter(({ mapping }) => mapping === file.name).map(({ name }) => name));
    const own = runSamples(folder, single).filter(({ name }) => taken.has(name));
    const valid = own.filter((sample) => judgeSample(sample).verdict !== 'refused');

    expect(
      valid.flatMap(({ name, reasons }) => reasons.map(({ path, message }) => `${name}: ${path}: ${message}`)),
    ).toEqual([]);
  });

  const versions = [...new Set(claims.map(({ version }) => version))];

  test.each(versions)('make a small transformer in OCSF %s, with the classes it needs alone', (version) => {
    const claiming = files.filter(({ mapping }) => versionsOf(mapping).includes(version));
    const cacheFolder = mkdtempSync(join(tmpdir(), 'slake-transformer-'));
    onTestFinished(() => rmSync(cacheFolder, { recursive: true }));
    const asset = bundleTransformer({
      module: { id },
      entrySource: transformerEntry(claiming, version),
      resolveDir: folder,
      cacheFolder,
    });
    const code = readFileSync(join(asset.folder, 'index.mjs'));
    const classes = new Set(claiming.map(({ mapping }) => `class ${mapping.class}`));
    const validated = new Set(code.toString().match(/(?<=["'`])class [a-z_]+(?=["'`])/g));

    expect(deflateRawSync(code).length).toBeLessThan(2 * 1024 * 1024);
    expect(validated).toEqual(classes);
  });
});

describe('the single resource that findings have in OCSF 1.1.0 is filled by', async () => {
  const { folder, mappings } = modules.find(({ id }) => id === 'azure') as (typeof modules)[number];
  const { program } = await loadProgram(mappingFiles(folder, mappings), '1.1.0');
  const samples = runSamples(folder, program);

  test.each([
    'assessment#assessment',
    'assessment#subAssessment',
    'policy#policy',
    'regulatory-compliance#regulatoryCompliance',
    'secure-score#secureScore',
    'secure-score#secureScoreControl',
    'vulnerability#vulnerability',
  ])('%s', (mapping) => {
    const own = samples.filter((sample) => sample.mapping === mapping);
    const inUsual = own.flatMap(({ expected }) => expected as readonly OcsfEvent[]);

    expect(own).not.toEqual([]);
    expect(own.flatMap(({ issues }) => issues)).toEqual([]);
    expect(own.flatMap(({ actual }) => actual.map(({ resource }) => [resource]))).toEqual(
      inUsual.map(({ resources }) => resources),
    );
  });
});

/** The scalars in a raw event, as JSON holds them. */
function leavesOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return value === null || value === '' ? [] : [JSON.stringify(value).replace(/^"|"$/g, '')];
}

/** The event with another value in place of one of its scalars, for a few of them. */
function* withEachLeaf(event: unknown, value: unknown): Generator<unknown> {
  const paths = [...pathsOf(event)];
  const step = Math.ceil(paths.length / 8);
  for (const path of paths.filter((_, at) => at % step === 0)) {
    const copy = structuredClone(event);
    let holder = copy as Record<string, unknown>;
    for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
    holder[path.at(-1) ?? ''] = value;
    yield copy;
  }
}

function* pathsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) yield path;
  else for (const [key, below] of Object.entries(value)) yield* pathsOf(below, [...path, key]);
}
