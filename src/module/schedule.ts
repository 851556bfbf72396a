// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
const RATE = /^rate\((\d+) (minute|minutes|hour|hours|day|days)\)$/;
const CRON = /^cron\(([^()]+)\)$/;
const MINUTES = { minute: 1, minutes: 1, hour: 60, hours: 60, day: 1440, days: 1440 };

/** A field of a cron expression: its least and largest number, words for numbers, and what else it may be. */
interface CronField {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
  readonly special?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** Minute, hour, day of the month, month, day of the week and year. */
const FIELDS: readonly CronField[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { least: 1, most: 12, names: MONTHS },
  { least: 1, most: 7, names: WEEKDAYS, special: /^(\?|([1-7]|[A-Z]{3})?L|([1-7]|[A-Z]{3})#[1-5])$/ },
  { least: 1970, most: 2199 },
];
const [DAY_OF_MONTH, DAY_OF_WEEK] = [2, 4];

/**
 * Whether EventBridge takes the text as a schedule: `rate(1 minute)` but `rate(5 minutes)`, and the six fields of
 * `cron(0 12 * * ? *)`, where one of the two days is `?`.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function isSchedule(text: string): boolean {
  const cron = CRON.exec(text)?.[1];
  if (cron !== undefined) return isCron(cron.split(' '));
  const [, count, unit] = RATE.exec(text) ?? [];
  if (!count || !unit || Number(count) < 1) return false;
  return (Number(count) === 1) === !unit.endsWith('s');
}

function isCron(fields: readonly string[]): boolean {
  const isOneDayOpen = (fields[DAY_OF_MONTH] === '?') !== (fields[DAY_OF_WEEK] === '?');
  return isOneDayOpen && fields.length === FIELDS.length && FIELDS.every((field, at) => isCronField(fields[at], field));
}

function isCronField(text = '', field: CronField): boolean {
  return field.special?.test(text.toUpperCase()) || text.split(',').every((part) => isCronPart(part, field));
}

/** `*`, a value, or a range of two, each also with the steps in which it is counted. */
function isCronPart(text: string, { least, most, names = [] }: CronField): boolean {
  const [, from = '', to = from, step = '1'] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(text) ?? [];
  const isValue = (value: string) =>
    /^\d+$/.test(value) ? Number(value) >= least && Number(value) <= most : names.includes(value.toUpperCase());
  return Number(step) >= 1 && ((from === '*' && to === '*') || (isValue(from) && isValue(to)));
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
