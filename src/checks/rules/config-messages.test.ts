// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf } from '../module.fixture.ts';
import { check } from './config-messages.ts';

test('a pattern that is shown as a regular expression is unclear', async () => {
  const bad = changed(
    'config.ts',
    'batchSize:',
    "token: z.string().regex(/^[a-z]+\\d$/).optional().meta({ description: 'T.' }), batchSize:",
  );

  expect(await findingsOf(check, bad)).toEqual([
    expect.stringMatching(/^config\.ts:7 token, another form: the message shows a regular expression: /),
  ]);
});

test('with words for the pattern it is clear', async () => {
  const good = changed(
    'config.ts',
    'batchSize:',
    "token: z.string().regex(/^[a-z]+\\d$/).optional().meta({ description: 'T.', patternErrorMessage: 'must be small letters and a digit' }), batchSize:",
  );

  expect(await findingsOf(check, good)).toEqual([]);
});

test('a module whose validateConfig takes everything is told so for each constraint', async () => {
  const bad = {
    'index.ts':
      "import { demo } from './demo-module.ts';\nexport const module = { ...demo, validateConfig: () => ({ valid: true, errors: [], warnings: [] }) };\n",
  };
  const findings = await findingsOf(check, bad);

  expect(findings).toContain('config.ts batchSize, above its maximum: validateConfig takes it');
  expect(findings).toContain('config.ts noSuchKey, an unknown key: validateConfig takes it');
});
