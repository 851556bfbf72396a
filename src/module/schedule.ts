// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
const RATE = /^rate\((\d+) (minute|minutes|hour|hours|day|days)\)$/;
const CRON = /^cron\([^()]+\)$/;
const MINUTES = { minute: 1, minutes: 1, hour: 60, hours: 60, day: 1440, days: 1440 };

/** Whether EventBridge takes the text as a schedule, as far as its form tells: `rate(1 minute)` but `rate(5 minutes)`. */
export function isSchedule(text: string): boolean {
  if (CRON.test(text)) return true;
  const [, count, unit] = RATE.exec(text) ?? [];
  if (!count || !unit || Number(count) < 1) return false;
  return (Number(count) === 1) === !unit.endsWith('s');
}

/**
 * Minutes between two runs of a rate; nothing for cron expressions, whose gaps differ.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function minutesBetweenRuns(schedule: string): number | undefined {
  const [, count, unit] = RATE.exec(schedule) ?? [];
  if (!count || !unit) return undefined;
  return Number(count) * MINUTES[unit as keyof typeof MINUTES];
}

/**
 * Minutes between two runs where they are closest, of a cron expression as far as its minutes tell; nothing where it
 * runs at most once an hour.
 */
export function fewestMinutesBetweenRuns(schedule: string): number | undefined {
  const minutes = /^cron\((\S+) /.exec(schedule)?.[1];
  if (minutes === undefined) return minutesBetweenRuns(schedule);
  const [, , step] = /^(\*|\d+)\/(\d+)$/.exec(minutes) ?? [];
  if (step !== undefined) return Math.min(Number(step), 60);
  if (minutes === '*' || minutes.includes('-')) return 1;
  const listed = minutes
    .split(',')
    .map(Number)
    .toSorted((a, b) => a - b);
  if (listed.length < 2) return undefined;
  return Math.min(
    ...listed.map((minute, at) => (at === 0 ? minute + 60 - (listed.at(-1) ?? 0) : minute - (listed[at - 1] ?? 0))),
  );
}
