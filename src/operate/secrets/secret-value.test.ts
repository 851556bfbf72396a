// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldsOf, secretText } from './secret-value.ts';

const Shape = z.strictObject({
  url: z.url({ error: 'must be an address' }).meta({ description: 'Address' }),
  token: z.string().min(4).meta({ description: 'Token' }),
  group: z.string().optional().meta({ description: 'Group' }),
});

function problems(value: unknown, shape: z.ZodObject | 'undeclared' = Shape): readonly string[] {
  try {
    secretText('s', value, shape === 'undeclared' ? undefined : shape);
    return [];
  } catch (error) {
    expect(String(error)).not.toContain('sesame');
    return (error as { args: { problems: readonly string[] } }).args.problems;
  }
}

test('the fields of a secret, with what a person is asked for', () => {
  expect(fieldsOf(Shape)).toEqual([
    { name: 'url', description: 'Address', isRequired: true },
    { name: 'token', description: 'Token', isRequired: true },
    { name: 'group', description: 'Group', isRequired: false },
  ]);
});

test('JSON and a parsed value give the same text', () => {
  const value = { url: 'https://x', token: 'abcd' };

  expect(secretText('s', JSON.stringify(value, null, 2), Shape)).toBe(JSON.stringify(value));
  expect(secretText('s', value, Shape)).toBe(JSON.stringify(value));
});

test('every problem is told, and no value', () => {
  expect(problems({ url: 'sesame', extra: 'sesame' })).toEqual([
    'url: must be an address',
    'token: is missing',
    'extra: not known here',
  ]);
  expect(problems('{"token": "sesame')).toEqual(['it is no JSON']);
  expect(problems('"sesame"')).toHaveLength(1);
  expect(problems({ url: 'https://x', token: { sesame: 1 } })).toHaveLength(1);
});

test('of a module that does not say what its secret holds, any object of texts is taken', () => {
  expect(problems({ a: 'b' }, 'undeclared')).toEqual([]);
  expect(problems({ a: 1 }, 'undeclared')).toEqual(['a: is no text']);
  expect(problems('["sesame"]', 'undeclared')).toEqual(['it is no JSON object']);
});

test('what Secrets Manager would refuse for its size is told before', () => {
  expect(problems({ url: 'https://x', token: 'x'.repeat(70_000) })).toEqual(['more than 65536 bytes']);
});
