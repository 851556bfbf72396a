// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as convert from './convert.ts';

const NOON = Date.UTC(2026, 2, 4, 12, 0, 0);

describe('isoMs', () => {
  test.each([
    ['2026-03-04T12:00:00Z', NOON],
    ['2026-03-04T12:00:00.1234567Z', NOON + 123],
    ['2026-03-04 12:00:00.123456789', NOON + 123],
    ['2026-03-04T12:00:00.5', NOON + 500],
    ['2026-03-04T14:30:00+02:30', NOON],
    ['2026-03-04T07:00:00-0500', NOON],
    ['2026-03-04 12:00:00 UTC', NOON],
    ['2026-03-04T12:00', NOON],
    ['2026-03-04', Date.UTC(2026, 2, 4)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('%s', (text, expected) => {
    expect(convert.isoMs(text)).toBe(expected);
  });

  test.each([
    ['what .NET writes where it has no time', '0001-01-01T00:00:00Z'],
    ['a day that does not exist', '2025-02-29T00:00:00Z'],
    ['a leap day of a century without one', '2100-02-29T00:00:00Z'],
    ['the 31st of a month of 30 days', '2025-04-31T00:00:00Z'],
    ['a letter among digits', '2025-0l-01T00:00:00Z'],
    ['a month that does not exist', '2025-13-01T00:00:00Z'],
    ['an hour that does not exist', '2025-01-01T25:00:00Z'],
    ['words', 'yesterday'],
    ['a number', 1_772_625_600_000],
    ['nothing', null],
    ['a very long text', `2026-03-04T12:00:00.${'1'.repeat(100_000)}Z`],
  ])('%s is no time', (_, value) => {
    expect(convert.isoMs(value)).toBeUndefined();
  });

  test('reads back every time that is written as ISO 8601', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(convert.isoMs(date.toISOString())).toBe(date.getTime());
      }),
    );
  });
});

describe('epochMs', () => {
  test.each([
    ['seconds', NOON / 1000],
    ['milliseconds', NOON],
    ['microseconds', NOON * 1000],
    ['nanoseconds', NOON * 1_000_000],
    ['text', String(NOON / 1000)],
  ])('%s', (_, value) => {
    expect(convert.epochMs(value)).toBe(NOON);
  });

  test('keeps the milliseconds of fractional seconds', () => {
    expect(convert.epochMs(NOON / 1000 + 0.25)).toBe(NOON + 250);
  });

  test.each([[0], [-1], [12], [5e9], [Number.NaN], [Number.POSITIVE_INFINITY], ['soon'], [true], [{}]])(
    '%s is no time',
    (value) => {
      expect(convert.epochMs(value)).toBeUndefined();
    },
  );
});

test('numbers are taken as numbers or as their text, each within its range', () => {
  expect(convert.integer('50126')).toBe(50_126);
  expect(convert.integer(2 ** 31)).toBeUndefined();
  expect(convert.integer('1.5')).toBeUndefined();
  expect(convert.integer('')).toBeUndefined();
  expect(convert.integer('0x10')).toBeUndefined();
  expect(convert.integer(true)).toBeUndefined();
  expect(convert.long(2 ** 31)).toBe(2 ** 31);
  expect(convert.long('9007199254740993')).toBeUndefined();
  expect(convert.float(' 9.8 ')).toBe(9.8);
  expect(convert.float('1e999')).toBeUndefined();
});

test('booleans are taken as booleans, words or digits', () => {
  expect([true, 'True', 'true', 1, '1'].map(convert.boolean)).toEqual([true, true, true, true, true]);
  expect([false, 'FALSE', 0, '0'].map(convert.boolean)).toEqual([false, false, false, false]);
  expect(['yes', 2, null, undefined, {}].map(convert.boolean)).toEqual([...Array(5)]);
});

test.each([
  ['192.0.2.7', '192.0.2.7', undefined],
  ['192.0.2.7:8443', '192.0.2.7', 8443],
  ['2001:db8::7', '2001:db8::7', undefined],
  ['[2001:db8::7]:443', '2001:db8::7', 443],
  ['fe80::1%eth0', 'fe80::1', undefined],
  ['0.0.0.0', undefined, undefined],
  ['::', undefined, undefined],
  ['192.0.2.256', undefined, undefined],
  ['localhost', undefined, undefined],
  ['192.0.2.7/24', undefined, undefined],
])('the address and the port of %s', (value, address, port) => {
  expect(convert.ip(value)).toBe(address);
  expect(convert.port(value)).toBe(port);
});

test('text comes trimmed, in lower case, as e-mail address or as URL only where it is one', () => {
  expect(convert.trimmed('  a  ')).toBe('a');
  expect(convert.trimmed('   ')).toBeUndefined();
  expect(convert.lowerText('Ada@Contoso.EXAMPLE')).toBe('ada@contoso.example');
  expect(convert.email('Ada@Contoso.example')).toBe('ada@contoso.example');
  expect(convert.email('ada')).toBeUndefined();
  expect(convert.url('https://contoso.example/a')).toBe('https://contoso.example/a');
  expect(convert.url('javascript:alert(1)')).toBeUndefined();
});

test('lists of text', () => {
  expect(convert.texts(['a', '', null, 1])).toEqual(['a', '1']);
  expect(convert.texts('a')).toEqual(['a']);
  expect(convert.texts([])).toBeUndefined();
  expect(convert.texts(['a', {}])).toBeUndefined();
  expect(convert.texts(undefined)).toBeUndefined();
  expect(convert.listed('Persistence, CredentialAccess')).toEqual(['Persistence', 'CredentialAccess']);
  expect(convert.listed(' , ')).toBeUndefined();
  expect(convert.listed(['a'])).toEqual(['a']);
  expect(convert.listed(1)).toBeUndefined();
});

test('JSON', () => {
  expect(convert.json({ a: [1] })).toBe('{"a":[1]}');
  expect(convert.json('{"a":1}')).toBe('{"a":1}');
  expect(convert.json(['x'.repeat(299_996)])).toHaveLength(300_000);
  expect(convert.json(['x'.repeat(299_997)])).toBeUndefined();
  expect(convert.json(JSON.stringify(['x'.repeat(299_997)]))).toBeUndefined();
  expect(convert.json('{a')).toBeUndefined();
  expect(convert.json({})).toBeUndefined();
  expect(convert.json([])).toBeUndefined();
  expect(convert.json(1)).toBeUndefined();
  expect(convert.parsedJson('[1]')).toEqual([1]);
});

test('no converter throws on anything, and each yields what it says or nothing', () => {
  const yields: Record<string, (value: unknown) => boolean> = {
    isoMs: Number.isSafeInteger,
    epochMs: Number.isSafeInteger,
    timeMs: Number.isSafeInteger,
    integer: Number.isSafeInteger,
    long: Number.isSafeInteger,
    port: Number.isSafeInteger,
    float: Number.isFinite,
    boolean: (value) => typeof value === 'boolean',
    ip: (value) => typeof value === 'string' && value !== '',
    lowerText: (value) => typeof value === 'string' && value !== '',
    trimmed: (value) => typeof value === 'string' && value !== '',
    email: (value) => typeof value === 'string' && value !== '',
    url: (value) => typeof value === 'string' && value !== '',
    texts: (value) => Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'),
    listed: (value) => Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'),
    json: (value) => typeof value === 'string',
    parsedJson: (value) => typeof value === 'object',
  };
  expect(Object.keys(convert).sort()).toEqual(Object.keys(yields).sort());
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.string(), fc.double(), fc.jsonValue()), (value) => {
      for (const [name, converter] of Object.entries(convert)) {
        const result = converter(value);
        expect(result === undefined || yields[name]?.(result), `${name} gave ${String(result)}`).toBe(true);
      }
    }),
  );
});

test('the short way of reading a time gives what the pattern gives', () => {
  const number = (min: number, max: number) => fc.integer({ min, max });
  const two = (value: number) => String(value).padStart(2, '0');
  fc.assert(
    fc.property(
      fc.tuple(number(1969, 2101), number(0, 13), number(0, 32), number(0, 24), number(0, 60), number(0, 60)),
      fc.stringMatching(/^(\.\d{1,19})?$/),
      ([year, month, day, hour, minute, second], fraction) => {
        const time = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${fraction}`;
        // A lower case z is read by the pattern alone.
        expect(convert.isoMs(`${time}Z`)).toBe(convert.isoMs(`${time}z`));
      },
    ),
    { numRuns: 3_000 },
  );
});
