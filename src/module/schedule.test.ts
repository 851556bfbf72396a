// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { fewestMinutesBetweenRuns, isSchedule, minutesBetweenRuns } from './schedule.ts';

test.each(['rate(1 minute)', 'rate(5 minutes)', 'rate(1 day)', 'cron(0 12 * * ? *)'])('%s is a schedule', (text) => {
  expect(isSchedule(text)).toBe(true);
});

test.each([
  'cron(0 10 * * ? *)',
  'cron(15 12 * * ? *)',
  'cron(0 18 ? * MON-FRI *)',
  'cron(0 8 1 * ? *)',
  'cron(0/15 * * * ? *)',
  'cron(0/10 * ? * mon-fri 2027)',
  'cron(0/5 8-17 ? * MON-FRI *)',
  'cron(0,30 */2 L JAN,JUL ? 2026-2030)',
  'cron(0 9 ? * 2#1 *)',
  'cron(0 9 ? * FRIL *)',
  'cron(0 9 3W * ? *)',
])('%s is a schedule', (text) => {
  expect(isSchedule(text)).toBe(true);
});

test.each([
  ['letters', 'cron(a b c)'],
  ['five fields', 'cron(0 12 * * ?)'],
  ['seven fields', 'cron(0 0 12 * * ? *)'],
  ['no day left open', 'cron(0 12 * * * *)'],
  ['both days left open', 'cron(0 12 ? * ? *)'],
  ['a minute of 60', 'cron(60 12 * * ? *)'],
  ['an hour of 24', 'cron(0 24 * * ? *)'],
  ['a month of 0', 'cron(0 12 * 0 ? *)'],
  ['a day that is none', 'cron(0 12 ? * XYZ *)'],
  ['a year before 1970', 'cron(0 12 * * ? 1969)'],
  ['a step of 0', 'cron(0/0 12 * * ? *)'],
  ['an empty part', 'cron(0, 12 * * ? *)'],
  ['a range of stars', 'cron(*-5 12 * * ? *)'],
])('a cron expression with %s is none', (_, text) => {
  expect(isSchedule(text)).toBe(false);
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
