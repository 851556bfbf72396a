// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { Issue, IssueCode } from './issue.ts';

/** The run over one event. */
export interface Report {
  readonly issues: Issue[];
  /** Declared profiles, a bit each. */
  profiles: number;
  /** Objects of recursive types that are open. */
  depth: number;
  warnings: number;
}

/** Checks the value at `key`; issues are named from the object that holds `key`. Null counts as absent. */
export type Check = (report: Report, key: string, value: unknown) => void;

/** An event as validators read it. */
export type Attributes = Readonly<Record<string, unknown>>;

const MAX_ERRORS = 1000;
const MAX_WARNINGS = 100;
const MAX_DEPTH = 32;
const MAX_KEY = 64;
/** Longest text an issue carries. */
export const MAX_VALUE = 64;

export function newReport(): Report {
  return { issues: [], profiles: 0, depth: 0, warnings: 0 };
}

export function isObject(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names the issues since `mark` from the object that holds `key`. */
export function under(report: Report, mark: number, key: string): void {
  const { issues } = report;
  for (let index = mark; index < issues.length; index++) {
    const issue = issues[index] as Issue;
    issues[index] = { ...issue, path: join(key, issue.path) };
  }
}

function join(parent: string, child: string): string {
  if (parent === '') return child;
  if (child === '') return parent;
  return `${parent}.${child}`;
}

/** Adds an issue, up to the limits; a long value is left out. */
export function add(
  report: Report,
  level: Issue['level'],
  code: IssueCode,
  path: string,
  message: string,
  value?: unknown,
) {
  if (level === 'warning') {
    if (report.warnings === MAX_WARNINGS) return;
    report.warnings += 1;
  } else if (report.issues.length - report.warnings === MAX_ERRORS) {
    return;
  }
  const isShort =
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length > 0 && value.length <= MAX_VALUE);
  report.issues.push(isShort ? { code, path, message, level, value } : { code, path, message, level });
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  return typeof value;
}

export function wrongType(report: Report, key: string, value: unknown, expected: string): void {
  add(report, 'error', 'attribute_wrong_type', key, `expected ${expected}, got ${typeOf(value)}`, value);
}

export function unknownAttribute(report: Report, key: string, owner: string): void {
  const name = key.length > MAX_KEY ? `${key.slice(0, MAX_KEY)}...` : key;
  add(report, 'error', 'attribute_unknown', name, `not defined in ${owner}`);
}

/** Reports an attribute that exists only with `profiles`, of whose bits in `mask` none is declared. */
export function lacksProfile(report: Report, mask: number, key: string, owner: string, profiles: string): boolean {
  if ((report.profiles & mask) !== 0) return false;
  const message = `${owner} has it only with profile ${profiles}, which metadata.profiles does not declare`;
  add(report, 'error', 'attribute_unknown', key, message);
  return true;
}

/** Reports those of `names` whose bit, in their order from `first` on, is not in `seen`. */
export function missing(report: Report, seen: number, first: number, names: readonly string[]): void {
  for (let index = 0; index < names.length; index++) {
    if ((seen & (1 << (first + index))) !== 0) continue;
    add(report, 'error', 'attribute_required_missing', names[index] as string, 'required');
  }
}

export function missingWithProfile(report: Report, name: string, profile: string): void {
  add(report, 'error', 'attribute_required_missing', name, `required with profile ${profile}`);
}

export function constraintFailed(
  report: Report,
  kind: 'at_least_one' | 'just_one',
  names: string,
  count: number,
): void {
  add(report, 'error', 'constraint_failed', '', `${kind} of ${names}: ${count} present`);
}

/** Whether the dotted `path` leads to a value. */
export function reaches(event: Attributes, path: readonly string[]): boolean {
  let value: unknown = event;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return value !== undefined && value !== null;
}

/** Opens an object of a type that can hold itself; false where the limit is reached. */
export function enter(report: Report, key: string): boolean {
  if (report.depth === MAX_DEPTH) {
    add(report, 'error', 'attribute_nested_too_deep', key, `more than ${MAX_DEPTH} objects of recursive types deep`);
    return false;
  }
  report.depth += 1;
  return true;
}

export function list(report: Report, key: string, value: unknown, check: Check, type: string): void {
  if (!Array.isArray(value)) {
    wrongType(report, key, value, `array of ${type}`);
    return;
  }
  const { issues } = report;
  for (let index = 0; index < value.length; index++) {
    const mark = issues.length;
    check(report, '', value[index]);
    if (issues.length !== mark) under(report, mark, `${key}[${index}]`);
  }
}

export function deprecated(
  report: Report,
  code: 'attribute_deprecated' | 'object_deprecated' | 'class_deprecated',
  key: string,
  since: string,
): void {
  add(report, 'warning', code, key, `deprecated since ${since}`);
}
