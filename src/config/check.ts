// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { deprecatedKey, keyMissing, secretWritten, unknownKey } from '../errors/config.ts';
import { issueFindings } from './issues.ts';
import { nearest } from './nearest.ts';
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
  const inspected = { data, shape, written: options.written ?? (() => undefined) };
  // An empty text marks issues that carry no message of the schema's author.
  const parsed = schema.safeParse(data, { error: () => '' });
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => issueFindings(issue, inspected));
  const unknown = unknownKeys(data, shape, options.unknown ?? (() => undefined));
  // A required key that is misspelt is one mistake, not two.
  const misspelt = new Set(unknown.map(({ meant }) => meant));
  const told = new Set(unknown.map(({ found }) => renderPath(found.path)));
  const findings = unique([
    ...issues.filter(({ code, path }) => {
      const known = code === keyMissing.code ? misspelt : code === unknownKey.code ? told : undefined;
      return known?.has(renderPath(path)) !== true;
    }),
    ...unknown.map(({ found }) => found),
    ...secrets(data),
    ...deprecations(data, shape),
  ]);
  const valid = parsed.success && !findings.some(({ level }) => level === 'error');
  return { value: valid ? parsed.data : undefined, findings };
}

interface UnknownKey {
  readonly found: Finding;
  /** Rendered path of the key that was probably meant. */
  readonly meant: string | undefined;
}

function unknownKeys(data: unknown, root: Shape, explain: NonNullable<CheckOptions['unknown']>): UnknownKey[] {
  const everywhere = keysOf(root);
  const unknown: UnknownKey[] = [];
  walkShape(data, root, [], (path, shape, value) => {
    if (!isGroup(value) || shape.properties === undefined || shape.additionalProperties !== false) return;
    const known = Object.keys(shape.properties);
    for (const key of Object.keys(value).filter((name) => !known.includes(name))) {
      const own = [...path, key];
      const near = nearest(
        key,
        known.filter((name) => !Object.hasOwn(value, name)),
      );
      const namesakes = near === undefined ? everywhere.filter((other) => other.path.at(-1) === key) : [];
      const parents = namesakes.length === 1 ? renderPath(namesakes[0]?.path.slice(0, -1) ?? []) : undefined;
      const elsewhere = parents === '' ? 'the top of the file' : parents;
      const found = explain(own, known) ?? finding(unknownKey, own, { nearest: near, elsewhere, known });
      unknown.push({ found, meant: near === undefined ? undefined : renderPath([...path, near]) });
    }
  });
  return unknown;
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

function secrets(data: unknown): Finding[] {
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

function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((found) => [`${found.code} ${renderPath(found.path)} ${found.message}`, found]));
  return [...seen.values()];
}
