// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf } from '../module.fixture.ts';
import { check } from './security-scan.ts';

const APP = 'src/lambda/processor/app.py';

test('a secret is named by kind and place and never shown; a dangerous call is named', async () => {
  const key = Array.from({ length: 16 }, (_, at) => 'QZ7RW3KX9VB2MJ5T'[(at * 7) % 16]).join('');
  const bad = changed(APP, 'logger = Logger()', `KEY = "AKIA${key}"\nlogger = Logger(eval("{}"))`);
  const findings = await findingsOf(check, bad);

  expect(findings).toHaveLength(2);
  expect(findings.join('\n')).not.toContain(key);
  expect(findings).toContainEqual(expect.stringMatching(/^src\/lambda\/processor\/app\.py:9 .*AKIA/));
  expect(findings).toContainEqual(expect.stringMatching(/^src\/lambda\/processor\/app\.py:10 .*eval/));
});
