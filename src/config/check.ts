// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { deprecatedKey, secretWritten, unknownKey } from '../errors/config.ts';
import { issueFindings } from './issues.ts';
import { respelt } from './misspelt.ts';
import { type Finding, finding, type KeyPath, renderPath } from './problem.ts';
import { secretKind } from './secret.ts';
import { belowOf, keysOf, type Shape, shapeOf } from './shape.ts';
import { eachValue, isGroup } from './value.ts';

export interface Checked<T> {
  /** The parsed value with defaults; `undefined` where an error was found. */
  readonly value: T | undefined;
  /** All findings at once, in the order of the schema. */
  readonly findings: readonly Finding[];
}

export interface CheckOptions {
  /** The characters of the plain scalar at a path, where the data comes from a file. */
  readonly written?: (path: KeyPath) => string | undefined;
  /** Words an unknown key where there is more to say than the names known beside it. */
  readonly unknown?: (path: KeyPath, known: readonly string[]) => Finding | undefined;
}

/**
 * Checks foreign data against a configuration schema: zod's own issues, unknown keys at every depth (also where the
 * schema would drop them), secrets among the values, and warnings for deprecated keys.
 */
export function checkValue<S extends z.ZodType>(
  schema: S,
  data: unknown,
  options: CheckOptions = {},
): Checked<z.output<S>> {
  const shape = shapeOf(schema);
  const explain = options.unknown ?? (() => undefined);
  const spelt = respelt(data, shape, explain);
  const { written = () => undefined } = options;
  const inspected = { data: spelt.data, shape, written: (path: KeyPath) => written(spelt.written(path)) };
  // An empty text marks issues that carry no message of the schema's author.
  const parsed = schema.safeParse(spelt.data, { error: () => '' });
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => issueFindings(issue, inspected));
  const unknown = unknownKeys(spelt.data, shape, explain);
  const told = new Set(unknown.map(({ path }) => renderPath(path)));
  const meant = [
    ...issues.filter(({ code, path }) => code !== unknownKey.code || !told.has(renderPath(path))),
    ...unknown,
    ...deprecations(spelt.data, shape),
  ];
  const asWritten = meant.map((found) => ({ ...found, path: spelt.written(found.path) }));
  const findings = unique([...asWritten, ...spelt.findings, ...secrets(data)]);
  const valid = parsed.success && !findings.some(({ level }) => level === 'error');
  return { value: valid ? parsed.data : undefined, findings };
}

/** Keys that no known one is near. */
function unknownKeys(data: unknown, root: Shape, explain: NonNullable<CheckOptions['unknown']>): Finding[] {
  const everywhere = keysOf(root);
  const findings: Finding[] = [];
  walkShape(data, root, [], (path, shape, value) => {
    if (!isGroup(value) || shape.properties === undefined || shape.additionalProperties !== false) return;
    const known = Object.keys(shape.properties);
    for (const key of Object.keys(value).filter((name) => !known.includes(name))) {
      const own = [...path, key];
      const namesakes = everywhere.filter((other) => other.path.at(-1) === key);
      const parents = namesakes.length === 1 ? renderPath(namesakes[0]?.path.slice(0, -1) ?? []) : undefined;
      const elsewhere = parents === '' ? 'the top of the file' : parents;
      findings.push(explain(own, known) ?? finding(unknownKey, own, { nearest: undefined, elsewhere, known }));
    }
  });
  return findings;
}

function deprecations(data: unknown, root: Shape): Finding[] {
  const findings: Finding[] = [];
  walkShape(data, root, [], (path, shape) => {
    if (!shape.deprecated) return;
    const instead = shape.deprecationMessage ?? shape.description ?? '';
    findings.push(finding(deprecatedKey, path, { removedIn: shape.removedIn, instead }, 'warning'));
  });
  return findings;
}

/** Values that are secrets by their form or by the name of their key. */
export function secrets(data: unknown): Finding[] {
  const findings: Finding[] = [];
  eachValue(data, (path, value) => {
    const kind = secretKind(path, value);
    if (kind !== undefined) findings.push(finding(secretWritten, path, { kind }));
  });
  return findings;
}

/** Calls `see` with every written value whose shape is known, parents first. */
function walkShape(
  data: unknown,
  shape: Shape,
  path: KeyPath,
  see: (path: KeyPath, shape: Shape, value: unknown) => void,
): void {
  see(path, shape, data);
  if (Array.isArray(data)) {
    const { items } = shape;
    if (items === undefined) return;
    for (const [index, item] of data.entries()) walkShape(item, items, [...path, index], see);
  } else if (isGroup(data)) {
    for (const [key, value] of Object.entries(data)) {
      const below = belowOf(shape, key);
      if (below !== undefined) walkShape(value, below, [...path, key], see);
    }
  }
}

/** Each finding once. */
export function unique<F extends Finding>(findings: readonly F[]): F[] {
  const seen = new Map(findings.map((found) => [`${found.code} ${renderPath(found.path)} ${found.message}`, found]));
  return [...seen.values()];
}
