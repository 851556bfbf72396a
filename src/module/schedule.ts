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
