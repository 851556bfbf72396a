// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { configurationOf, logRetentionDays } from './configuration.ts';
import { demoModules, wholeConfiguration } from './fixtures/demo.ts';
import { loadConfiguration } from './load.ts';
import { type KeyPath, type Problem, renderPath } from './problem.ts';
import { regions } from './regions.ts';
import { guarded } from './secret.ts';
import { isGroupShape, keysOf, type Shape, shapeOf } from './shape.ts';
import { isGroup, valueAt } from './value.ts';

const folder = mkdtempSync(join(tmpdir(), 'slake-constraints-'));
afterAll(() => rmSync(folder, { recursive: true }));

const root = shapeOf(configurationOf(demoModules));
const keys = keysOf(root);

/** The whole configuration with another value at `path`, or without it. */
function changed(path: KeyPath, value: unknown): unknown {
  const data: unknown = structuredClone(wholeConfiguration);
  const holder = valueAt(data, path.slice(0, -1)) as Record<string | number, unknown>;
  const key = path.at(-1) as string | number;
  if (value === undefined) delete holder[key];
  else holder[key] = value;
  return data;
}

function problemsOf(data: unknown): { readonly problems: readonly Problem[]; readonly lines: readonly string[] } {
  const text = stringify(data);
  writeFileSync(join(folder, 'config.yaml'), text);
  const { problems, configuration } = loadConfiguration({ file: 'config.yaml', folder, modules: demoModules });
  const hasError = problems.some(({ level }) => level === 'error');
  expect(configuration === undefined, text).toBe(hasError);
  return { problems, lines: text.split('\n') };
}

interface Violation {
  readonly path: KeyPath;
  readonly value: unknown;
  readonly says: string;
}

/** One value for each thing the shape asks for, and what the message must name. */
function violations(path: KeyPath, shape: Shape): Violation[] {
  const found: [unknown, string][] = [];
  if (shape.enum !== undefined) {
    const few = shape.enum.join(', ').length <= 120;
    found.push(['nonsense', few ? `one of ${shape.enum.join(', ')} (is "nonsense")` : `one of ${shape.enum.length}`]);
  } else if (shape.type === 'string') {
    found.push([7, guarded(path) ? 'must be text (the value is not shown)' : 'must be text (is the number 7)']);
    if (shape.minLength) found.push(['', `at least ${shape.minLength} characters (has 0)`]);
    if (shape.maxLength !== undefined) {
      found.push([
        'x'.repeat(shape.maxLength + 1),
        `at most ${shape.maxLength} characters (has ${shape.maxLength + 1})`,
      ]);
    }
    if (shape.pattern !== undefined && shape.format === undefined) {
      found.push(['\u00a7', shape.patternErrorMessage ?? 'must be']);
    }
    if (shape.format !== undefined) found.push(['nowhere', 'must be a']);
  }
  if (shape.type === 'integer') found.push([1.5, 'must be a whole number (is the number 1.5)']);
  if (shape.type === 'number' && shape.enum === undefined) found.push(['x', 'must be a number (is "x")']);
  if (shape.type === 'boolean') found.push(['x', 'must be true or false (is "x")']);
  if (shape.minimum !== undefined && shape.minimum > Number.MIN_SAFE_INTEGER) {
    found.push([shape.minimum - 1, `at least ${shape.minimum} (is ${shape.minimum - 1})`]);
  }
  if (shape.maximum !== undefined && shape.maximum < Number.MAX_SAFE_INTEGER) {
    found.push([shape.maximum + 1, `at most ${shape.maximum} (is ${shape.maximum + 1})`]);
  }
  if (shape.exclusiveMinimum !== undefined) found.push([shape.exclusiveMinimum, `more than ${shape.exclusiveMinimum}`]);
  if (shape.exclusiveMaximum !== undefined) found.push([shape.exclusiveMaximum, `less than ${shape.exclusiveMaximum}`]);
  if (shape.multipleOf !== undefined) {
    found.push([shape.multipleOf + 1, `a multiple of ${shape.multipleOf} (is ${shape.multipleOf + 1})`]);
  }
  if (shape.type === 'array') {
    found.push(['x', 'must be a list']);
    const item = (valueAt(wholeConfiguration, path) as unknown[])[0];
    if (shape.minItems) found.push([[], `at least ${shape.minItems} entries (has 0)`]);
    if (shape.maxItems !== undefined) {
      const many = Array(shape.maxItems + 1).fill(item);
      found.push([many, `at most ${shape.maxItems} entries (has ${shape.maxItems + 1})`]);
    }
  }
  if (shape.type === 'object') found.push([['x'], 'must be a group of keys (is a list of 1)']);
  return found.map(([value, says]) => ({ path, value, says }));
}

const cases = keys.flatMap(({ path, shape }) => (shape.deprecated ? [] : violations(path, shape)));

describe('every constraint of the schema', () => {
  it('is among the cases', () => {
    expect(cases.length).toBeGreaterThan(60);
    expect(keys.filter(({ shape }) => shape.type === undefined && !shape.anyOf && !shape.oneOf)).toEqual([]);
  });

  it.each(cases.map((one) => [renderPath(one.path), one.says, one] as const))('%s: %s', (name, says, one) => {
    const { problems, lines } = problemsOf(changed(one.path, one.value));

    const problem = problems.find(({ path, message }) => path === name && message.includes(says));
    expect(problem, JSON.stringify(problems)).toBeDefined();
    const line = lines[(problem?.line ?? 0) - 1] ?? '';
    expect(line.slice((problem?.column ?? 0) - 1)).toMatch(new RegExp(`^"?${String(one.path.at(-1))}"?:`));
  });

  it.each(keys.filter(({ required }) => required).map(({ path }) => [renderPath(path), path] as const))(
    '%s cannot be left out',
    (name, path) => {
      const { problems } = problemsOf(changed(path, undefined));

      expect(problems.map((problem) => [problem.path, problem.code])).toEqual([[name, 'SLK-CONFIG-011']]);
    },
  );

  it.each(keys.filter(({ required }) => !required).map(({ path }) => [renderPath(path), path] as const))(
    '%s can be left out',
    (_, path) => {
      expect(problemsOf(changed(path, undefined)).problems).toEqual([]);
    },
  );

  it.each(
    [[], ...keys.filter(({ shape }) => isGroupShape(shape)).map(({ path }) => path)].map(
      (path) => [renderPath(path), path] as const,
    ),
  )('group "%s" refuses keys it does not know', (_, path) => {
    const { problems } = problemsOf(changed([...path, 'zzzzzz'], 1));

    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toBe(renderPath([...path, 'zzzzzz']));
  });

  it.each(keys.filter(({ path }) => path.length > 0).map(({ path }) => [renderPath(path), path] as const))(
    'a typo in %s names the right key',
    (name, path) => {
      const key = String(path.at(-1));
      const value = valueAt(wholeConfiguration, path);
      if (value === undefined) return;
      const typo = `${key.slice(0, -1)}${key.at(-1) === 'x' ? 'y' : 'x'}`;
      const data = changed(path, undefined);
      (valueAt(data, path.slice(0, -1)) as Record<string, unknown>)[typo] = value;

      const { problems } = problemsOf(data);

      expect(problems).toHaveLength(1);
      expect(problems[0]?.message).toContain(`did you mean ${key}?`);
      expect(problems[0]?.path).toBe(renderPath([...path.slice(0, -1), typo]));
      expect(name).toContain(key);
    },
  );
});

describe('a configuration with anything in place of a value', () => {
  it('is either parsed or has an error', () => {
    const anyKey = fc.constantFrom(
      ...keys.filter(({ path }) => valueAt(wholeConfiguration, path.slice(0, -1)) !== undefined),
    );

    fc.assert(
      fc.property(anyKey, fc.jsonValue(), ({ path }, value) => {
        problemsOf(changed(path, value));
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('what AWS allows', () => {
  it('are the Regions that the CDK knows', () => {
    const known = RegionInfo.regions.filter(({ partition }) => partition === 'aws' || partition === 'aws-us-gov');

    expect([...regions].sort()).toEqual(known.map(({ name }) => name).sort());
  });

  it('are the retentions that CloudWatch knows', () => {
    const known = Object.values(RetentionDays).filter((days) => typeof days === 'number');

    expect([...logRetentionDays, RetentionDays.INFINITE]).toEqual(known);
  });
});

describe('the whole configuration of the tests', () => {
  it('writes every key, so that every key is tried', () => {
    const unwritten = keys.filter(
      ({ path, shape }) => valueAt(wholeConfiguration, path) === undefined && !shape.deprecated,
    );

    expect(unwritten.map(({ path }) => renderPath(path))).toEqual([]);
    expect(isGroup(wholeConfiguration)).toBe(true);
  });
});
