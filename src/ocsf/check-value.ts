// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { add, isObject, type Report, wrongType } from './report.ts';

export function tooLong(report: Report, key: string, value: string, type: string, max: number, of?: string): void {
  let length = 0;
  for (const _ of value) length += 1;
  if (length <= max) return;
  const code = of ? 'attribute_value_exceeds_super_type_max_len' : 'attribute_value_exceeds_max_len';
  add(report, 'error', code, key, `${length} characters, ${of ?? type} has at most ${max}`);
}

/** A text longer than `max` does not match: the time of an expression may grow with the square of the length. */
export function matches(report: Report, key: string, value: string, type: string, regex: RegExp, max: number): void {
  if (value.length <= max && regex.test(value)) return;
  add(report, 'warning', 'attribute_value_regex_not_matched', key, `does not look like ${type}`, value);
}

export function notInValues(report: Report, key: string, value: unknown, type: string): void {
  add(report, 'error', 'attribute_value_not_in_type_values', key, `not a value of ${type}`, value);
}

export function outOfRange(
  report: Report,
  key: string,
  value: number,
  type: string,
  low: number,
  high: number,
  of?: string,
): void {
  const code = of ? 'attribute_value_exceeds_super_type_range' : 'attribute_value_exceeds_range';
  add(report, 'error', code, key, `outside ${low} to ${high} of ${of ?? type}`, value);
}

export function object_t(report: Report, key: string, value: unknown): void {
  if (!isObject(value)) wrongType(report, key, value, 'object');
}

export function boolean_t(report: Report, key: string, value: unknown): void {
  if (typeof value !== 'boolean') wrongType(report, key, value, 'boolean_t');
}

/** Any JSON. */
export function json_t(_report: Report, _key: string, _value: unknown): void {}

export function float_t(report: Report, key: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) wrongType(report, key, value, 'float_t');
}

/** A signed integer of 32 bits, the width the lake's columns have. */
export function integer_t(report: Report, key: string, value: unknown): void {
  if (typeof value === 'number' && (value | 0) === value) return;
  integerIssue(report, key, value, 'integer_t', -2147483648, 2147483647);
}

/** An integer that a double holds exactly. */
export function long_t(report: Report, key: string, value: unknown): void {
  if (Number.isSafeInteger(value)) return;
  integerIssue(report, key, value, 'long_t', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

const YEAR_1 = -62_135_596_800_000;
const YEAR_10000 = 253_402_300_800_000;

/** Epoch milliseconds of the years 1 to 9999: what RFC 3339 can write. */
export function timestamp_t(report: Report, key: string, value: unknown): void {
  if (Number.isSafeInteger(value) && (value as number) >= YEAR_1 && (value as number) < YEAR_10000) return;
  integerIssue(report, key, value, 'timestamp_t', YEAR_1, YEAR_10000 - 1);
}

const SPRING_1973 = 100_000_000_000;
const YEAR_2100 = 4_102_444_800_000;

/** The time of an event, which decides where it is stored: seconds or microseconds must not pass for milliseconds. */
export function eventTime(report: Report, key: string, value: unknown): void {
  if (Number.isSafeInteger(value) && (value as number) >= SPRING_1973 && (value as number) < YEAR_2100) return;
  integerIssue(report, key, value, 'timestamp_t', SPRING_1973, YEAR_2100 - 1);
}

function integerIssue(report: Report, key: string, value: unknown, type: string, low: number, high: number): void {
  if (typeof value === 'number' && Number.isInteger(value)) outOfRange(report, key, value, type, low, high);
  else wrongType(report, key, value, type);
}

/** An enum value without caption: of the wrong type, or not defined. */
export function enumUnknown(report: Report, key: string, value: unknown, type: string): void {
  const isType = type === 'string_t' ? typeof value === 'string' : Number.isInteger(value);
  if (!isType) wrongType(report, key, value, type);
  else add(report, 'error', 'attribute_enum_value_unknown', key, 'not defined for this enum', value);
}

/** The caption of an enum id; undefined for what is not defined. */
export type Captions = (id: unknown) => string | undefined;

export function enumList(report: Report, key: string, value: unknown, captions: Captions, type: string): void {
  if (!Array.isArray(value)) {
    wrongType(report, key, value, `array of ${type}`);
    return;
  }
  for (let index = 0; index < value.length; index++) {
    const id: unknown = value[index];
    if (captions(id) !== undefined) continue;
    const path = `${key}[${index}]`;
    if (!Number.isInteger(id)) wrongType(report, path, id, type);
    else add(report, 'error', 'attribute_enum_array_value_unknown', path, 'not defined for this enum', id);
  }
}

const OTHER = 99;

/** The text beside an enum id: the id's caption, but the source's own word for id 99. */
export function sibling(report: Report, key: string, value: unknown, id: unknown, caption: string | undefined): void {
  if (caption === undefined || typeof value !== 'string') return;
  if (id === OTHER) {
    if (value !== caption) return;
    const message = `"${caption}" is the caption of id 99; expected is the word of the source`;
    add(report, 'warning', 'attribute_enum_sibling_suspicious_other', key, message, value);
  } else if (value !== caption) {
    add(report, 'warning', 'attribute_enum_sibling_incorrect', key, `the caption of id ${id} is "${caption}"`, value);
  }
}

export function siblingList(report: Report, key: string, value: unknown, ids: unknown, captions: Captions): void {
  if (!Array.isArray(value) || !Array.isArray(ids)) return;
  for (let index = 0; index < ids.length; index++) {
    const id: unknown = ids[index];
    const caption = captions(id);
    if (id === OTHER || caption === undefined || value[index] === caption) continue;
    const path = `${key}[${index}]`;
    if (value[index] === undefined || value[index] === null) {
      add(report, 'error', 'attribute_enum_array_sibling_missing', path, `expected "${caption}" of id ${id}`);
    } else {
      const message = `the caption of id ${id} is "${caption}"`;
      add(report, 'error', 'attribute_enum_array_sibling_incorrect', path, message, value[index]);
    }
  }
}
