// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';
import { type KeyPath, renderPath } from '../problem.ts';
import { type PlacedFinding, readSource } from '../source.ts';
import { isGroup } from '../value.ts';
import type { Converted, Step } from './step.ts';
import { steps } from './steps.ts';

/** What became of one value of the old file. */
export interface MigratedValue {
  readonly from: string;
  /** From 1, in the old file. */
  readonly line: number;
  readonly column: number;
  /** Where it stands now; empty where it was not carried over. */
  readonly to: readonly string[];
  /** Why it was not carried over, or what is different now. */
  readonly why?: string;
}

export interface Migration {
  /** The text of the new file; undefined where the old one cannot be read. */
  readonly text: string | undefined;
  /** Every value of the old file, in its order. */
  readonly values: readonly MigratedValue[];
  /** Why the old file cannot be read. */
  readonly findings: readonly PlacedFinding[];
}

const HEAD = `# yaml-language-server: $schema=./config.schema.json
#
# Carried over from a configuration of the former format.
`;

/** Carries a configuration of the former format over, and says of every value where it went or why it went nowhere. */
export function migrate(text: string): Migration {
  const source = readSource(text);
  const unreadable = source.findings.filter(({ level }) => level === 'error');
  if (source.data === undefined || unreadable.length > 0) return { text: undefined, values: [], findings: unreadable };
  const config: Record<string, unknown> = {};
  const values: MigratedValue[] = [];
  for (const { path, value } of leaves(source.data)) {
    const { line, column } = source.locate(path);
    const { to, why } = carryOver(config, path, value);
    values.push({
      from: renderPath(path),
      line,
      column,
      to: to.map(renderPath),
      ...(why === undefined ? {} : { why }),
    });
  }
  return { text: `${HEAD}${stringify(config, { lineWidth: 120 })}`, values, findings: [] };
}

/** Puts a value where it belongs, unless it belongs nowhere. */
function carryOver(
  config: Record<string, unknown>,
  path: KeyPath,
  value: unknown,
): { readonly to: readonly KeyPath[]; readonly why?: string | undefined } {
  const tag = tagOf(path, value);
  const step: Step | undefined = tag ?? stepFor(path);
  if (step === undefined) return { to: [], why: 'the key is not known' };
  if (step.to === undefined) return { to: [], why: step.why };
  const { value: converted, why }: Converted = step.convert?.(value) ?? { value };
  if (converted === undefined || converted === null) return { to: [], why: why ?? 'has no value' };
  for (const target of step.to) put(config, target, converted);
  return { to: step.to, why: why ?? step.why };
}

/** Tags were a list of keys and values, each of which is looked at as a whole. */
function tagOf(path: KeyPath, value: unknown): Step | undefined {
  if (path[0] !== 'tags') return undefined;
  if (path.length === 2 && isGroup(value) && typeof value.key === 'string' && value.key !== '__proto__') {
    return { from: 'tags', to: [['tags', value.key]], convert: () => ({ value: String(value.value ?? '') }) };
  }
  if (path.length === 2 && typeof path[1] === 'string') return { from: 'tags', to: [path] };
  return { from: 'tags', why: 'is no tag with key and value' };
}

function stepFor(path: KeyPath): Step | undefined {
  const name = path.join('.');
  const fitting = steps.filter(({ from }) => name === from || name.startsWith(`${from}.`));
  return fitting.toSorted((a, b) => b.from.length - a.from.length)[0];
}

/** Values and lists, each with its path; lists are taken whole, but for that of tags. */
function leaves(data: unknown, path: KeyPath = []): { readonly path: KeyPath; readonly value: unknown }[] {
  if (Array.isArray(data) && path.join() === 'tags') return data.map((value, at) => ({ path: [...path, at], value }));
  if (!isGroup(data) || Object.keys(data).length === 0) return path.length === 0 ? [] : [{ path, value: data }];
  return Object.entries(data).flatMap(([key, value]) => leaves(value, [...path, key]));
}

/** A module is on where each of the keys that could turn it off lets it be. */
function put(config: Record<string, unknown>, path: KeyPath, value: unknown): void {
  const [key, ...rest] = path.map(String);
  if (key === undefined) return;
  if (rest.length === 0) {
    config[key] = key === 'enabled' && config[key] === false ? false : value;
    return;
  }
  if (!isGroup(config[key])) config[key] = {};
  put(config[key] as Record<string, unknown>, rest, value);
}
