// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import {
  keyMissing,
  notAChoice,
  noValue,
  outOfRange,
  refusedByModule,
  unknownKey,
  wrongForm,
  wrongType,
} from '../errors/config.ts';
import { nearest } from './nearest.ts';
import { type Finding, finding, type KeyPath } from './problem.ts';
import { guarded, shown } from './secret.ts';
import { type Shape, shapeAt } from './shape.ts';
import { isGroup, valueAt } from './value.ts';
import { allowedWords, formatWords, kindWords, yamlWords } from './words.ts';

/** What is known about the value that zod has looked at. */
export interface Inspected {
  readonly data: unknown;
  readonly shape: Shape;
  /** The characters of the plain scalar at a path, where the data comes from a file. */
  readonly written: (path: KeyPath) => string | undefined;
}

/** A longer list of choices stands in no message, only in the hint where no choice is near. */
const maxListed = 120;

/**
 * The issue in plain words.
 * @see https://zod.dev/error-customization
 */
export function issueFindings(issue: z.core.$ZodIssue, inspected: Inspected, base: KeyPath = []): Finding[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  const value = valueAt(inspected.data, path);
  const shape = shapeAt(inspected.shape, path);
  const description = firstSentence(shape?.description ?? '');
  const expected = shape === undefined ? 'a value' : allowedWords(shape);
  const is = actual(path, value);

  switch (issue.code) {
    case 'unrecognized_keys': {
      const choices = shape?.anyOf ?? shape?.oneOf ?? [shape ?? {}];
      const known = [...new Set(choices.flatMap(({ properties }) => Object.keys(properties ?? {})))];
      return issue.keys.map((key) =>
        finding(unknownKey, [...path, key], { nearest: nearest(key, known), elsewhere: undefined, known }),
      );
    }
    case 'invalid_type':
    case 'invalid_value':
    case 'invalid_union':
      if (value === undefined) return [finding(keyMissing, path, { expected, description })];
      if (value === null) return [finding(noValue, path, { expected })];
      if (issue.code === 'invalid_union') return unionFindings(issue, inspected, path);
      if (issue.code === 'invalid_value') return [choiceFinding(path, value, issue.values, issue.message)];
      return [typeFinding(path, value, kindsOf(shape) ?? [issue.expected], inspected.written(path))];
    case 'too_big': {
      const bound = issue.exact ? 'exactly' : issue.inclusive === false ? 'less than' : 'at most';
      return [sizeFinding(path, value, `${bound} ${issue.maximum}`, issue.origin, description)];
    }
    case 'too_small': {
      const bound = issue.exact ? 'exactly' : issue.inclusive === false ? 'more than' : 'at least';
      return [sizeFinding(path, value, `${bound} ${issue.minimum}`, issue.origin, description)];
    }
    case 'not_multiple_of':
      return [finding(outOfRange, path, { allowed: `a multiple of ${issue.divisor}`, actual: is, description })];
    case 'invalid_format': {
      // zod tells the last choice alone where the value is of its kind.
      const isChoice = (shape?.anyOf ?? shape?.oneOf) !== undefined;
      const words = isChoice ? expected : formatWords(issue.format);
      const pattern =
        issue.pattern === undefined ? `must be of the form ${issue.format}` : `must match ${issue.pattern}`;
      const form = issue.message || shape?.patternErrorMessage || (words === undefined ? pattern : `must be ${words}`);
      return [finding(wrongForm, path, { form, actual: is, description })];
    }
    case 'invalid_key': {
      const names = shapeAt(inspected.shape, path.slice(0, -1))?.propertyNames ?? {};
      const key = path.at(-1);
      return issue.issues.flatMap((inner) =>
        issueFindings(inner, { data: key, shape: names, written: () => undefined }).map((found) => ({
          ...found,
          path,
          message: `the name: ${found.message}`,
        })),
      );
    }
    case 'invalid_element':
      return issue.issues.flatMap((inner) => issueFindings(inner, inspected, path));
    case 'custom':
      return [refusal(path, value, issue.message || 'is not allowed', description)];
  }
}

function firstSentence(text: string): string {
  return text.split(/(?<=\.) /)[0] ?? '';
}

function actual(path: KeyPath, value: unknown): string {
  const text = shown(path, value);
  return text === 'not shown' ? 'the value is not shown' : `is ${text}`;
}

/** The types a shape takes; where a whole number is meant, zod speaks of a number. */
function kindsOf(shape: Shape | undefined): readonly string[] | undefined {
  const choices = shape?.anyOf ?? shape?.oneOf ?? [shape ?? {}];
  const kinds = choices.flatMap(({ type }) => type ?? []);
  return kinds.length === 0 ? undefined : kinds;
}

function typeFinding(path: KeyPath, value: unknown, expected: readonly string[], source: string | undefined): Finding {
  const written = guarded(path) ? undefined : source;
  const isNumber = typeof value === 'number';
  // The parser has dropped leading zeros and read octals; the person knows what was written.
  const is = isNumber && written !== undefined ? `is the number ${written}` : actual(path, guarded(path) ? '' : value);
  const words = [...new Set(expected.map(kindWords))].join(' or ');
  return finding(wrongType, path, { expected: words, actual: is, remedy: remedyFor(value, expected, written) });
}

function remedyFor(value: unknown, expected: readonly string[], written: string | undefined): string {
  if (expected.includes('string') && written !== undefined) return `put it in quotes: '${written}'`;
  if (expected.includes('string') && typeof value !== 'object') return 'put it in quotes';
  if (expected.includes('boolean') && typeof value === 'string') {
    if (/^(yes|on|true)$/i.test(value)) return 'write true';
    if (/^(no|off|false)$/i.test(value)) return 'write false';
  }
  const isNumeric = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  if (isNumeric && expected.some((kind) => /^(number|int|integer)$/.test(kind))) return 'write it without quotes';
  if (expected.includes('array') && !isGroup(value))
    return 'write a list: each entry in a line of its own after a hyphen';
  if (expected.some((kind) => kind === 'object' || kind === 'record')) return 'write its keys below it, indented';
  return '';
}

/** `reason` is why these and no others, where the schema's author says it. */
function choiceFinding(path: KeyPath, value: unknown, values: readonly unknown[], reason = ''): Finding {
  const names = values.map(yamlWords);
  const list = names.join(', ');
  const listed = list.length <= maxListed;
  const allowed = names.length === 1 ? list : listed ? `one of ${list}` : `one of ${names.length} allowed values`;
  const near = typeof value === 'string' ? nearest(value, names) : closest(value, values);
  const proposal = near !== undefined ? `did you mean ${near}?` : listed ? '' : `allowed: ${list}`;
  const remedy = [reason, proposal].filter((part) => part !== '').join('; ');
  return finding(notAChoice, path, { allowed, actual: actual(path, value), remedy });
}

/** The allowed number that is closest to a number that is not allowed. */
function closest(value: unknown, allowed: readonly unknown[]): string | undefined {
  if (typeof value !== 'number') return undefined;
  const numbers = allowed.filter((choice) => typeof choice === 'number');
  const [near] = numbers.sort((a, b) => Math.abs(a - value) - Math.abs(b - value));
  return near === undefined ? nearest(String(value), allowed.map(yamlWords)) : String(near);
}

function sizeFinding(path: KeyPath, value: unknown, bound: string, origin: string, description: string): Finding {
  if (typeof value === 'string') {
    const is = `has ${value.length}`;
    return finding(outOfRange, path, { allowed: `${bound} characters`, actual: is, description });
  }
  if (Array.isArray(value)) {
    return finding(outOfRange, path, { allowed: `${bound} entries`, actual: `has ${value.length}`, description });
  }
  const unit = origin === 'object' || origin === 'record' ? ' keys' : '';
  return finding(outOfRange, path, { allowed: `${bound}${unit}`, actual: actual(path, value), description });
}

/** A choice of shapes: of the shape that is nearest to fitting, or of all kinds where none comes near. */
function unionFindings(issue: z.core.$ZodIssueInvalidUnion, inspected: Inspected, path: KeyPath): Finding[] {
  const value = valueAt(inspected.data, path);
  if ('options' in issue && issue.discriminator !== undefined) return [choiceFinding(path, value, issue.options ?? [])];
  if (issue.errors.length === 0) return [refusal(path, value, 'fits more than one of the allowed forms', '')];
  const nested = issue.errors.filter((errors) => errors.some((inner) => inner.path.length > 0));
  const near = nested.sort((a, b) => a.length - b.length)[0];
  if (near !== undefined) return near.flatMap((inner) => issueFindings(inner, inspected, path));

  const shape = shapeAt(inspected.shape, path);
  const isKind = issue.errors.every((errors) => errors.every(({ code }) => code === 'invalid_type'));
  if (isKind) {
    const kinds = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []));
    return [typeFinding(path, value, kindsOf(shape) ?? kinds, inspected.written(path))];
  }
  const form = shape === undefined ? 'has none of the allowed forms' : `must be ${allowedWords(shape)}`;
  const description = firstSentence(shape?.description ?? '');
  return [finding(wrongForm, path, { form, actual: actual(path, value), description })];
}

/** A rule of the schema's author; the value is added where it can be shown in a word. */
function refusal(path: KeyPath, value: unknown, reason: string, description: string): Finding {
  const isScalar = value !== undefined && typeof value !== 'object';
  return finding(refusedByModule, path, { reason, actual: isScalar ? actual(path, value) : undefined, description });
}
