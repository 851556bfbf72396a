// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Shape } from './shape.ts';

const formats: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  uri: 'a URL',
  url: 'a URL',
  uuid: 'a UUID',
  guid: 'a UUID',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  cidrv4: 'an IPv4 range in CIDR form',
  cidrv6: 'an IPv6 range in CIDR form',
  'date-time': 'a time as in 2026-01-31T12:00:00Z',
  datetime: 'a time as in 2026-01-31T12:00:00Z',
  date: 'a date as in 2026-01-31',
  time: 'a time of day as in 12:00:00',
  duration: 'a duration as in PT5M',
  hostname: 'a host name',
  base64: 'base64',
};

/** What a format of zod or JSON Schema asks for. */
export function formatWords(format: string): string | undefined {
  return formats[format];
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
  null: 'empty',
  undefined: 'left out',
  never: 'left out',
};

/** A type of zod or JSON Schema in plain words. */
export function kindWords(type: string): string {
  return kinds[type] ?? type;
}

/** A value as it is written in YAML, for messages and tables. */
export function yamlWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What may be written, in a few words: `a whole number, 1 to 3650`, `one of dev, staging, prod`. */
export function allowedWords(shape: Shape): string {
  const choices = shape.anyOf ?? shape.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(allowedWords))].join(', or ');
  if (shape.const !== undefined) return yamlWords(shape.const);
  if (shape.enum !== undefined) return `one of ${shape.enum.map(yamlWords).join(', ')}`;
  const kind = [shape.type ?? []].flat().map(kindWords).join(' or ') || 'anything';
  const limits = limitWords(shape);
  if (shape.items !== undefined) {
    const count = limits === '' ? '' : `, ${limits}`;
    return `${kind} (each: ${allowedWords(shape.items)})${count}`;
  }
  const form = shape.patternErrorMessage ?? (shape.format === undefined ? undefined : formatWords(shape.format));
  const pattern =
    form ?? (shape.pattern === undefined || shape.format !== undefined ? undefined : `as ${shape.pattern}`);
  return [kind, limits, pattern?.replace(/^must be /, '')].filter(Boolean).join(', ');
}

function limitWords(shape: Shape): string {
  if (shape.type === 'string') return range(shape.minLength, shape.maxLength, 'characters');
  if (shape.type === 'array') return range(shape.minItems, shape.maxItems, 'entries');
  const from = shape.minimum;
  const to = shape.maximum;
  const words = [
    range(from === -Number.MAX_SAFE_INTEGER ? undefined : from, to === Number.MAX_SAFE_INTEGER ? undefined : to, ''),
    shape.exclusiveMinimum === undefined ? '' : `more than ${shape.exclusiveMinimum}`,
    shape.exclusiveMaximum === undefined ? '' : `less than ${shape.exclusiveMaximum}`,
    shape.multipleOf === undefined ? '' : `a multiple of ${shape.multipleOf}`,
  ];
  return words.filter(Boolean).join(', ');
}

function range(from: number | undefined, to: number | undefined, unit: string): string {
  const counted = (words: string) => (unit === '' ? words : `${words} ${unit}`);
  if (from !== undefined && to !== undefined) return counted(from === to ? `exactly ${from}` : `${from} to ${to}`);
  if (from !== undefined) return counted(`at least ${from}`);
  if (to !== undefined) return counted(`at most ${to}`);
  return '';
}
