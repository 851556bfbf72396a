// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { isSchedule, minutesBetweenRuns } from './schedule.ts';

test.each(['rate(1 minute)', 'rate(5 minutes)', 'rate(1 day)', 'cron(0 12 * * ? *)'])('%s is a schedule', (text) => {
  expect(isSchedule(text)).toBe(true);
});

test.each(['rate(1 minutes)', 'rate(5 minute)', 'rate(0 minutes)', '5 minutes', 'cron()', 'rate(5 minutes) '])(
  '"%s" is none',
  (text) => {
    expect(isSchedule(text)).toBe(false);
  },
);

test('the minutes between runs are known for rates and unknown for cron expressions', () => {
  expect(minutesBetweenRuns('rate(5 minutes)')).toBe(5);
  expect(minutesBetweenRuns('rate(2 hours)')).toBe(120);
  expect(minutesBetweenRuns('cron(0 12 * * ? *)')).toBeUndefined();
});
