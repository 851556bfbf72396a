// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { versionsOf } from '../src/contract/index.ts';
import { bundleTransformer } from '../src/infra/bundling/index.ts';
import { loadModules } from '../src/module/load.ts';
import { DEFAULT_OCSF_VERSION } from '../src/ocsf/index.ts';
import { loadProgram, mappingFiles, transformerEntry } from '../src/pipeline/build/load-program.ts';
import { judgeSample, orphanedExpectations, runSamples } from '../src/pipeline/build/sample.ts';
import type { OcsfEvent } from '../src/pipeline/map/mapper.ts';
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
