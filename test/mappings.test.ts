// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { versionsOf } from '../src/contract/index.ts';
import { loadModules } from '../src/module/load.ts';
import { DEFAULT_OCSF_VERSION } from '../src/ocsf/index.ts';
import { loadProgram, mappingFiles } from '../src/pipeline/build/load-program.ts';
import { runSamples } from '../src/pipeline/build/sample.ts';
import { CDK_FOLDER } from '../src/release/deploy.ts';

const { modules } = await loadModules(join(resolve(import.meta.dirname, '..'), CDK_FOLDER, 'modules'));

describe.each(modules)('the mappings of $id', async ({ folder, mappings }) => {
  const files = mappingFiles(folder, mappings);
  const { program } = await loadProgram(files, DEFAULT_OCSF_VERSION);
  const samples = runSamples(folder, program);

  test.each(samples)('make of $name what is expected', ({ actual, expected, reasons, rivals }) => {
    expect(rivals).toEqual([]);
    if (expected === undefined) expect(reasons).not.toEqual([]);
    else expect(actual).toEqual(expected);
  });

  test('are each reached by a sample', () => {
    const reached = new Set(samples.filter(({ rows }) => rows.length > 0).map(({ mapping }) => mapping));

    expect(program.mappings.filter(({ name }) => !reached.has(name)).map(({ name }) => name)).toEqual([]);
  });

  const claims = files.flatMap((file) => versionsOf(file.mapping).map((version) => ({ ...file, version })));

  test.each(claims)('$name holds in OCSF $version', async ({ version, ...file }) => {
    const { program: single } = await loadProgram([file], version);
    const taken = new Set(samples.filter(({ mapping }) => mapping === file.name).map(({ name }) => name));
    const own = runSamples(folder, single).filter(({ name, expected }) => taken.has(name) && expected !== undefined);

    expect(
      own.flatMap(({ name, reasons }) => reasons.map(({ path, message }) => `${name}: ${path}: ${message}`)),
    ).toEqual([]);
  });
});
