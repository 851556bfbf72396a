// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { KeyPath } from '../config/problem.ts';
import { keysOf, type Shape } from '../config/shape.ts';
import { yamlWords } from '../config/words.ts';

/** A configuration in which one constraint is violated. */
export interface Violation {
  readonly path: KeyPath;
  /** In words. */
  readonly constraint: string;
  readonly config: unknown;
  /** Texts of which a clear message holds one: what is allowed. */
  readonly allowed: readonly string[];
  /** Texts of which a clear message holds one: the value, or how much of it there is. */
  readonly shown: readonly string[];
}

type Config = Readonly<Record<string, unknown>>;

/** The smallest configuration a schema takes: required keys alone, with their examples. */
export function smallestConfig(shape: Shape): Config {
  const required = (shape.required ?? []).filter((key) => shape.properties?.[key]?.default === undefined);
  return Object.fromEntries(required.map((key) => [key, exampleOf(shape.properties?.[key] ?? {})]));
}

function exampleOf(shape: Shape): unknown {
  if (shape.examples?.[0] !== undefined) return shape.examples[0];
  if (shape.default !== undefined) return shape.default;
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  const choice = shape.anyOf?.[0] ?? shape.oneOf?.[0];
  if (choice) return exampleOf(choice);
  switch (kindOf(shape)) {
    case 'object':
      return smallestConfig(shape);
    case 'array':
      return Array.from({ length: shape.minItems ?? 0 }, () => exampleOf(shape.items ?? {}));
    case 'integer':
    case 'number':
      return shape.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return 'x'.repeat(Math.max(1, shape.minLength ?? 1));
  }
}

/** Each constraint of a schema, violated once in a configuration that is otherwise `valid`. */
export function violationsOf(shape: Shape, valid: Config): Violation[] {
  const root: Violation = {
    path: ['noSuchKey'],
    constraint: 'an unknown key',
    config: { ...valid, noSuchKey: 1 },
    allowed: Object.keys(shape.properties ?? { none: 1 }).concat('unknown'),
    shown: [],
  };
  return [
    root,
    ...keysOf(shape).flatMap(({ path, shape: below, required }) => {
      const put = (value: unknown) => withValue(valid, shape, path, value);
      const found: Violation[] = bad(below).map(({ value, ...rest }) => ({ path, config: put(value), ...rest }));
      if (below.properties) {
        const example = exampleOf(below) as Config;
        const own = [...path, 'noSuchKey'];
        const allowed = [...Object.keys(below.properties), 'unknown'];
        found.push({
          path: own,
          constraint: 'an unknown key',
          config: put({ ...example, noSuchKey: 1 }),
          allowed,
          shown: [],
        });
      }
      if (required && below.default === undefined) {
        found.push({
          path,
          constraint: 'is missing',
          config: put(undefined),
          allowed: ['missing', 'required'],
          shown: [],
        });
      }
      return found;
    }),
  ];
}

interface Bad {
  readonly value: unknown;
  readonly constraint: string;
  readonly allowed: readonly string[];
  readonly shown: readonly string[];
}

const KIND_WORDS: Readonly<Record<string, readonly string[]>> = {
  string: ['text'],
  integer: ['whole number', 'number'],
  number: ['number'],
  boolean: ['true', 'false'],
  array: ['list'],
  object: ['keys', 'group', 'mapping'],
};

function bad(shape: Shape): Bad[] {
  const found: Bad[] = [];
  const add = (value: unknown, constraint: string, allowed: readonly string[], shown: readonly string[]) =>
    found.push({ value, constraint, allowed, shown });
  if (shape.enum) add('no-such-choice', 'none of the choices', shape.enum.map(yamlWords), ['no-such-choice']);
  const kind = kindOf(shape);
  if (kind === 'integer' || kind === 'number') {
    if (shape.maximum !== undefined && shape.maximum < Number.MAX_SAFE_INTEGER) {
      add(shape.maximum + 1, 'above its maximum', [String(shape.maximum)], [String(shape.maximum + 1)]);
    }
    if (shape.minimum !== undefined && shape.minimum > Number.MIN_SAFE_INTEGER) {
      add(shape.minimum - 1, 'below its minimum', [String(shape.minimum)], [String(shape.minimum - 1)]);
    }
  }
  if (kind === 'string' && !shape.enum) {
    const { minLength, maxLength, pattern, format } = shape;
    if (maxLength !== undefined) {
      const value = 'a'.repeat(maxLength + 1);
      add(value, 'too long', [String(maxLength)], [String(maxLength + 1), value.slice(0, 8)]);
    }
    if (minLength !== undefined && minLength > 0) {
      add('a'.repeat(minLength - 1), 'too short', [String(minLength), 'empty'], [String(minLength - 1), "''", '""']);
    }
    if (pattern !== undefined && shape.patternErrorMessage !== undefined) {
      const value = ['\u00a7\u00a7\u00a7', '   ', '-'].find((text) => !new RegExp(pattern, 'u').test(text));
      if (value) add(value, 'another form', [shape.patternErrorMessage], [value]);
    } else if (pattern !== undefined && format === undefined) {
      add('\u00a7\u00a7\u00a7', 'another form', ['must be', 'only', 'must'], ['\u00a7\u00a7\u00a7']);
    }
  }
  const words = KIND_WORDS[kind ?? ''];
  if (words && kind) {
    const value = kind === 'boolean' || kind === 'array' || kind === 'object' ? 42 : [];
    add(
      value,
      `no ${words[0]}`,
      [...words, ...(shape.enum?.map(yamlWords) ?? [])],
      [String(value), 'list', 'empty', '[]'],
    );
  }
  return found;
}

function kindOf(shape: Shape): string | undefined {
  if (typeof shape.type === 'string') return shape.type;
  return shape.properties ? 'object' : undefined;
}

/** `config` with `value` at `path`; what is missing on the way there is filled with examples. */
function withValue(config: unknown, shape: Shape, path: KeyPath, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const items = Array.isArray(config) ? config : [];
    return [withValue(items[0], shape.items ?? {}, rest, value), ...items.slice(1)];
  }
  const group = (typeof config === 'object' && config !== null ? config : smallestConfig(shape)) as Config;
  const below = withValue(group[key], shape.properties?.[key] ?? {}, rest, value);
  const { [key]: _, ...others } = group;
  return below === undefined ? others : { ...others, [key]: below };
}
