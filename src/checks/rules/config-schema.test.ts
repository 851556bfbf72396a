// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changed, findingsOf, goodModule, moduleWith } from '../module.fixture.ts';
import { check } from './config-schema.ts';

const bad = changed('config.ts', '.max(100)', '.max(200)');

test('a schema that is not that of the definition is stale', async () => {
  expect(await findingsOf(check, bad)).toEqual(['config.schema.json is stale or missing']);
  expect(await findingsOf(check, { 'config.schema.json': undefined })).toHaveLength(1);
});

test('it is mended by writing it', async () => {
  const subject = await moduleWith(bad);

  expect(check.mend?.(subject)).toEqual(['config.schema.json']);
  expect(readFileSync(join(subject.folder, 'config.schema.json'), 'utf8')).toBe(
    goodModule['config.schema.json']?.replace('100', '200'),
  );
});
