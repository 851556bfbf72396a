// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { fewestMinutesBetweenRuns, isSchedule, minutesBetweenRuns } from './schedule.ts';

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

test.each([
  ['rate(5 minutes)', 5],
  ['cron(* * * * ? *)', 1],
  ['cron(0-30 * * * ? *)', 1],
  ['cron(*/10 * * * ? *)', 10],
  ['cron(3/2 * * * ? *)', 2],
  ['cron(0,20,50 * * * ? *)', 10],
  ['cron(58,2 * * * ? *)', 4],
  ['cron(0 12 * * ? *)', undefined],
])('of %s, two runs are never closer than %s minutes', (schedule, minutes) => {
  expect(fewestMinutesBetweenRuns(schedule)).toBe(minutes);
});
