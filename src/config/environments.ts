// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { environmentOverridden, unknownKey, wrongType } from '../errors/config.ts';
import { nearest } from './nearest.ts';
import { type Finding, finding, type KeyPath } from './problem.ts';
import type { Shape } from './shape.ts';
import { isGroup, valueAt } from './value.ts';

/** The key that holds values for one environment alone. */
export const ENVIRONMENTS = 'environments';
export const environmentNames = ['dev', 'staging', 'prod'] as const;

/** The shape of a file whose keys, beside `environments`, are of this shape. */
export function withEnvironments(shape: Shape): Shape {
  const properties = Object.fromEntries(environmentNames.map((name) => [name, shape]));
  return {
    ...shape,
    properties: { ...shape.properties, [ENVIRONMENTS]: { type: 'object', properties, additionalProperties: false } },
  };
}

/** The path without the environment whose values it leads to. */
export function inEnvironment(path: KeyPath): KeyPath {
  return path[0] === ENVIRONMENTS ? path.slice(2) : path;
}

type Data = Readonly<Record<string, unknown>>;

/** A configuration as one of its environments reads it. */
export interface Variant {
  readonly data: Data;
  /** The environment whose values are laid over; undefined where none are. */
  readonly environment: string | undefined;
  /** Whether the file is for this environment; the others are only checked. */
  readonly isActive: boolean;
  /** Where the value that counts at `path` is written. */
  readonly written: (path: KeyPath) => KeyPath;
  /** Whether the value at `path` is of this environment alone. */
  readonly isOwn: (path: KeyPath) => boolean;
}

/**
 * Takes `environments` apart: the values of an environment win over those beside it, key by key; lists are replaced
 * whole. The first variant is the one that counts.
 */
export function variantsOf(data: Data): {
  readonly variants: readonly Variant[];
  readonly findings: readonly Finding[];
} {
  const { [ENVIRONMENTS]: environments, ...base } = data;
  if (environments === undefined) return { variants: [variant(base, undefined, {}, true)], findings: [] };
  if (!isGroup(environments)) {
    const args = {
      expected: 'keys with values',
      actual: `is ${JSON.stringify(environments)}`,
      remedy: 'write dev, staging or prod below it',
    };
    return { variants: [variant(base, undefined, {}, true)], findings: [finding(wrongType, [ENVIRONMENTS], args)] };
  }
  const findings = Object.entries(environments).flatMap(([name, values]) => problems(name, values));
  const active = String(base.environment);
  const usable = Object.entries(environments).filter(
    (entry): entry is [string, Data] => isKnown(entry[0]) && isGroup(entry[1]),
  );
  const own = usable.find(([name]) => name === active)?.[1] ?? {};
  const others = usable.filter(([name]) => name !== active);
  return {
    variants: [
      variant(base, active, own, true),
      ...others.map(([name, values]) => variant({ ...base, environment: name }, name, values, false)),
    ],
    findings,
  };
}

function problems(name: string, values: unknown): Finding[] {
  const path = [ENVIRONMENTS, name];
  if (!isKnown(name)) {
    const known = [...environmentNames];
    return [finding(unknownKey, path, { nearest: nearest(name, known), elsewhere: undefined, known })];
  }
  if (!isGroup(values)) {
    return [
      finding(wrongType, path, {
        expected: 'keys with values',
        actual: 'is something else',
        remedy: 'write its keys below it, indented',
      }),
    ];
  }
  return 'environment' in values ? [finding(environmentOverridden, [...path, 'environment'], {})] : [];
}

function isKnown(name: string): boolean {
  return (environmentNames as readonly string[]).includes(name);
}

function variant(base: Data, environment: string | undefined, own: Data, isActive: boolean): Variant {
  const isOwn = (path: KeyPath) => valueAt(own, path) !== undefined;
  return {
    data: merged(base, own) as Data,
    environment,
    isActive,
    isOwn,
    written: (path) => (environment !== undefined && isOwn(path) ? [ENVIRONMENTS, environment, ...path] : path),
  };
}

function merged(base: unknown, own: unknown): unknown {
  if (!isGroup(base) || !isGroup(own)) return own === undefined ? base : own;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(own)])];
  return Object.fromEntries(
    keys.map((key) => [key, Object.hasOwn(own, key) ? merged(ownOf(base, key), own[key]) : base[key]]),
  );
}

/** Names as `toString` are those of every object. */
function ownOf(group: Data, key: string): unknown {
  return Object.hasOwn(group, key) ? group[key] : undefined;
}
