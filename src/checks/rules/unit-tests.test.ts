// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf } from '../module.fixture.ts';
import { check } from './unit-tests.ts';

const TESTS = 'src/lambda/processor/test_lambda.py';
const APP = 'src/lambda/processor/app.py';

test('a failing test is told', async () => {
  expect(await findingsOf(check, changed(TESTS, '== "demo"\n', '== "other"\n'))).toEqual([
    expect.stringMatching(/^src\/lambda\/processor\/test_lambda\.py pytest: .*1 failed/s),
  ]);
});

test('low coverage names the first line no test reaches', async () => {
  const untested = Array.from({ length: 20 }, (_, at) => `    print(${at})`).join('\n');
  const [finding] = await findingsOf(
    check,
    changed(APP, 'def secrets():', `def untested():\n${untested}\n\n\ndef secrets():`),
  );

  expect(finding).toMatch(
    /^src\/lambda\/processor\/app\.py:15 \d\d\.\d % of the processor is covered, 80 % are asked for$/,
  );
});

test('a test that calls another machine is told, and is refused the call', async () => {
  const calling = `${'import urllib.request\n\n'}def test_calls():\n    try:\n        urllib.request.urlopen("http://sts.amazonaws.com")\n    except OSError:\n        pass\n`;
  const bad = changed(TESTS, 'import os\n', `import os\n${calling}\n`);

  expect(await findingsOf(check, bad)).toEqual([`${TESTS} a test connects to sts.amazonaws.com`]);
});
