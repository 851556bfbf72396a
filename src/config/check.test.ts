// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkValue } from './check.ts';

describe('checkValue', () => {
  it('refuses keys that a schema would drop in silence', () => {
    const { value, findings } = checkValue(z.object({ host: z.object({ name: z.string() }) }), {
      host: { name: 'a', prot: 1 },
      extra: true,
    });

    expect(value).toBeUndefined();
    expect(findings.map(({ path }) => path)).toEqual([['extra'], ['host', 'prot']]);
  });

  it('leaves alone what a schema opens', () => {
    const schema = z.strictObject({ labels: z.record(z.string(), z.string()), rest: z.looseObject({ a: z.int() }) });
    const data = { labels: { any: 'x' }, rest: { a: 1, b: 2 } };

    expect(checkValue(schema, data)).toEqual({ value: data, findings: [] });
  });

  it('gives the messages of the schema where it has some', () => {
    const schema = z
      .strictObject({ from: z.int(), to: z.int(), name: z.string().startsWith('x', 'must begin with x') })
      .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be after from' });

    expect(checkValue(schema, { from: 2, to: 1, name: 'x' }).findings).toMatchObject([
      { path: ['to'], message: 'must be after from (is 1)' },
    ]);
    expect(checkValue(schema, { from: 1, to: 2, name: 'y' }).findings).toMatchObject([
      { path: ['name'], message: 'must begin with x (is "y")' },
    ]);
  });

  it('tells every choice where the value is of the kind of the last one', () => {
    const schema = z.strictObject({ from: z.union([z.enum(['earliest', 'latest']), z.iso.datetime()]) });

    expect(checkValue(schema, { from: 'never' }).findings).toMatchObject([
      { message: 'must be one of earliest, latest, or text, a time as in 2026-01-31T12:00:00Z (is "never")' },
    ]);
  });

  it('finds deprecated keys in lists and records', () => {
    const entry = z.strictObject({
      old: z.int().optional().meta({ deprecated: true, deprecationMessage: 'write new' }),
    });
    const schema = z.strictObject({ list: z.array(entry), map: z.record(z.string(), entry) });

    const { value, findings } = checkValue(schema, { list: [{}, { old: 1 }], map: { a: { old: 2 } } });

    expect(value).toBeDefined();
    expect(findings).toMatchObject([
      { level: 'warning', path: ['list', 1, 'old'], message: 'is deprecated', hint: 'write new' },
      { level: 'warning', path: ['map', 'a', 'old'] },
    ]);
  });

  it('takes schemas that share or contain each other', () => {
    const Inner = z.strictObject({ on: z.boolean() }).meta({ id: 'Inner' });
    const Tree: z.ZodType = z.strictObject({ name: z.string(), below: z.lazy(() => z.array(Tree)).optional() });
    const schema = z.strictObject({ a: Inner, b: Inner, tree: Tree });
    const data = { a: { on: true }, b: { on: 1 }, tree: { name: 'x', below: [{ name: 'y', below: [{ name: 3 }] }] } };

    expect(checkValue(schema, data).findings.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['b.on', 'must be true or false (is 1)'],
      ['tree.below.0.below.0.name', 'must be text (is 3)'],
    ]);
  });
});
