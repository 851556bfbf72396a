// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changed, findingsOf, goodModule, moduleWith } from '../module.fixture.ts';
import { check } from './readme-table.ts';

const stale = changed('README.md', 'Events at a time.', 'Events at once.');

test('a stale table and missing markers are named', async () => {
  expect(await findingsOf(check, stale)).toEqual(['README.md:13 the configuration table is stale']);
  expect(await findingsOf(check, { 'README.md': '# Demo\n' })).toEqual([
    'README.md has no markers for the configuration table',
  ]);
});

test('a stale table is mended', async () => {
  const subject = await moduleWith(stale);

  expect(check.mend?.(subject)).toEqual(['README.md']);
  expect(readFileSync(join(subject.folder, 'README.md'), 'utf8')).toBe(goodModule['README.md']);
});
