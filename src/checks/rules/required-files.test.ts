// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { findingsOf } from '../module.fixture.ts';
import { check } from './required-files.ts';

test('each missing file is named', async () => {
  const bad = { 'CHANGELOG.md': undefined, 'src/lambda/processor/local_test.py': undefined };

  expect(await findingsOf(check, bad)).toEqual([
    'CHANGELOG.md is missing',
    'src/lambda/processor/local_test.py is missing',
  ]);
});

test('a module that does not load is still asked for the files of its processor', async () => {
  const bad = { 'demo-module.ts': 'export const demo = (', 'src/lambda/processor/app.py': undefined };

  expect(await findingsOf(check, bad)).toEqual(['src/lambda/processor/app.py is missing']);
});
