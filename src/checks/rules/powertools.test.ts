// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf } from '../module.fixture.ts';
import { check } from './powertools.ts';

const APP = 'src/lambda/processor/app.py';

test('a handler without a decorator of Powertools is named at its line', async () => {
  expect(await findingsOf(check, changed(APP, '@metrics.log_metrics\n', ''))).toEqual([
    `${APP}:20 lambda_handler does not publish its metrics through Powertools`,
  ]);
});

test('a logger of another library does not count', async () => {
  const bad = changed(
    APP,
    'from aws_lambda_powertools import Logger, Metrics, Tracer',
    'from logbook import Logger\nfrom aws_lambda_powertools import Metrics, Tracer',
  );

  expect(await findingsOf(check, bad)).toEqual([expect.stringContaining('does not log with the context')]);
});

test('a file that is no Python is one finding with its place', async () => {
  expect(await findingsOf(check, { [APP]: 'def lambda_handler(:\n' })).toEqual([
    `${APP}:1 is no Python: invalid syntax`,
  ]);
  expect(await findingsOf(check, { [APP]: 'x = 1\n' })).toEqual([`${APP}:1 has no function lambda_handler`]);
});
