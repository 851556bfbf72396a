// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';
import { type ConfigurableModules, configurationOf } from '../configuration.ts';
import { shapeOfFile } from '../environments.ts';
import { type LoadOptions, readConfiguration } from '../load.ts';
import { type KeyPath, renderPath } from '../problem.ts';
import { type Shape, shapeAt, shapeOf } from '../shape.ts';
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
  /** Whether a value of the file is one of the former format alone; without any there is nothing to carry over. */
  readonly isFormer: boolean;
  /** The text of the new file; undefined where the old one cannot be read. */
  readonly text: string | undefined;
  /** Every value of the old file, in its order. */
  readonly values: readonly MigratedValue[];
  /** Why the old file cannot be read. */
  readonly findings: readonly PlacedFinding[];
}

/** `migrate` of a file. Throws SLK-CONFIG-001 with every reason why it cannot be read. */
export function migrateFile({ modules, ...place }: Pick<LoadOptions, 'file' | 'folder' | 'modules'>) {
  const { text: old, failure } = readConfiguration(place);
  const { findings, text, ...migration } = migrate(old, modules);
  if (text === undefined) throw failure(findings);
  return { ...migration, text };
}

const HEAD = `# yaml-language-server: $schema=./config.schema.json
#
# Carried over from a configuration of the former format.
`;

const UNKNOWN = 'has no counterpart; CONFIG_SCHEMA.md says what can be set';

/**
 * Carries a configuration of the former format over, and says of every value where it went or why it went nowhere.
 * Keys that the present format has are carried over as they are.
 */
export function migrate(text: string, modules: ConfigurableModules): Migration {
  const present = shapeOfFile(shapeOf(configurationOf(modules)));
  const source = readSource(text);
  const unreadable = source.findings.filter(({ level }) => level === 'error');
  if (source.data === undefined || unreadable.length > 0)
    return { isFormer: false, text: undefined, values: [], findings: unreadable };
  const config: Record<string, unknown> = {};
  const values: MigratedValue[] = [];
  let isFormer = false;
  for (const { path, value } of leaves(source.data)) {
    const { line, column } = source.locate(path);
    const step = stepFor(path, value, present);
    const { to, why } = carryOver(config, step, value);
    isFormer ||= step.isFormer;
    values.push({
      from: renderPath(path),
      line,
      column,
      to: to.map(renderPath),
      ...(why === undefined ? {} : { why }),
    });
  }
  return { isFormer, text: `${HEAD}${stringify(config, { lineWidth: 120 })}`, values, findings: [] };
}

/** Puts a value where it belongs, unless it belongs nowhere. */
function carryOver(
  config: Record<string, unknown>,
  step: Step,
  value: unknown,
): { readonly to: readonly KeyPath[]; readonly why?: string | undefined } {
  if (step.to === undefined) return { to: [], why: step.why };
  const { value: converted, why }: Converted = step.convert?.(value) ?? { value };
  if (converted === undefined || converted === null) return { to: [], why: why ?? 'has no value' };
  for (const target of step.to) put(config, target, converted);
  return { to: step.to, why: why ?? step.why };
}

/** What becomes of a value, and whether it is one that the present format has elsewhere or not at all. */
function stepFor(path: KeyPath, value: unknown, present: Shape): Step & { readonly isFormer: boolean } {
  const name = path.join('.');
  const own = tagStep(path, value) ?? steps.find(({ from, to }) => from === name && to !== undefined);
  if (own !== undefined) return { ...own, isFormer: own.to?.every((to) => to.join('.') !== name) ?? true };
  if (isPresent(path, value, present)) return { from: name, to: [path], isFormer: false };
  const above = steps.filter(({ from }) => name === from || name.startsWith(`${from}.`));
  const nearest = above.toSorted((a, b) => b.from.length - a.from.length)[0];
  if (nearest === undefined) return { from: name, why: UNKNOWN, isFormer: false };
  return { ...nearest, isFormer: true };
}

/** Tags were a list of keys and values, each of which is looked at as a whole. */
function tagStep(path: KeyPath, value: unknown): Step | undefined {
  if (path[0] !== 'tags' || typeof path[1] === 'string' || (path.length === 1 && isGroup(value))) return undefined;
  if (path.length === 2 && isGroup(value) && typeof value.key === 'string' && value.key !== '__proto__') {
    return { from: 'tags', to: [['tags', value.key]], convert: () => ({ value: String(value.value ?? '') }) };
  }
  return { from: 'tags', why: 'is no tag with key and value' };
}

/** Whether the present format has a value at the path: a group of keys only where a group may stand, which may be empty. */
function isPresent(path: KeyPath, value: unknown, present: Shape): boolean {
  const shape = shapeAt(present, path);
  return shape !== undefined && (shape.type === 'object') === (isGroup(value) || value === null);
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
