// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { type ConfigurableModules, fileShapeOf } from '../configuration.ts';
import { type LoadOptions, readConfiguration, unreadable } from '../load.ts';
import { type KeyPath, renderPath } from '../problem.ts';
import { type Shape, shapeAt } from '../shape.ts';
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
  const file = readConfiguration(place);
  const { findings, text, ...migration } = migrate(file.text, modules);
  if (text === undefined) throw unreadable(file, findings);
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
  const present = fileShapeOf(modules);
  const source = readSource(text);
  const errors = source.findings.filter(({ level }) => level === 'error');
  if (source.data === undefined || errors.length > 0)
    return { isFormer: false, text: undefined, values: [], findings: errors };
  const found = leaves(source.data).map(({ path, value }) => {
    const step = stepFor(path, value, present);
    return { path, value, step, ...source.locate(path) };
  });
  const target = new Target();
  const carried = new Map(found.toSorted((a, b) => rank(a) - rank(b)).map((one) => [one, carryOver(target, one)]));
  const values = found.map((one) => {
    const { to = [], why } = carried.get(one) ?? {};
    const { path, line, column } = one;
    return { from: renderPath(path), line, column, to: to.map(renderPath), ...(why === undefined ? {} : { why }) };
  });
  const isFormer = found.some(({ step }) => step.isFormer);
  return { isFormer, text: `${HEAD}${stringify(target.config, { lineWidth: 120 })}`, values, findings: [] };
}

interface OldValue {
  readonly value: unknown;
  readonly line: number;
  readonly step: Step & { readonly isFormer: boolean };
}

/**
 * Of several values for one place the lowest counts: what is of the present format already, then what turns something
 * off, since a module of the former format was on only where each of its keys let it be.
 */
function rank({ value, step }: Pick<OldValue, 'value' | 'step'>): number {
  if (!step.isFormer) return 0;
  return value === false ? 1 : 2;
}

interface CarriedOver {
  readonly to: readonly KeyPath[];
  readonly why?: string | undefined;
}

/** Puts a value where it belongs, unless it belongs nowhere. */
function carryOver(target: Target, { value, line, step }: OldValue): CarriedOver {
  if (step.to === undefined) return { to: [], why: step.why };
  const { value: converted, why }: Converted = step.convert?.(value) ?? { value };
  if (converted === undefined || converted === null) return { to: [], why: why ?? 'has no value' };
  const others: number[] = [];
  const to = step.to.filter((path) => {
    const other = target.put(path, converted, line);
    if (other !== undefined) others.push(other);
    return other === undefined;
  });
  if (others.length > 0) return { to, why: `line ${others[0]} says otherwise, and counts` };
  return { to, why: why ?? step.why };
}

/** The new configuration while it is put together. */
class Target {
  readonly config: Record<string, unknown> = {};
  readonly #lines = new Map<string, { readonly line: number; readonly value: unknown }>();

  /** Puts a value in its place. Where another one stands there it stays, and its line in the old file is given. */
  put(path: KeyPath, value: unknown, line: number): number | undefined {
    const name = JSON.stringify(path);
    const there = this.#lines.get(name);
    if (there && !isDeepStrictEqual(there.value, value)) return there.line;
    this.#lines.set(name, { line, value });
    setAt(this.config, path.map(String), value);
    return undefined;
  }
}

function setAt(config: Record<string, unknown>, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    config[key] = value;
    return;
  }
  if (!isGroup(config[key])) config[key] = {};
  setAt(config[key] as Record<string, unknown>, rest, value);
}

/** What becomes of a value, and whether it is one that the present format has elsewhere or not at all. */
function stepFor(path: KeyPath, value: unknown, present: Shape): Step & { readonly isFormer: boolean } {
  // A dot within a key is none between keys.
  const name = path.some((part) => String(part).includes('.')) ? '' : path.join('.');
  const own = tagStep(path, value) ?? steps.find(({ from, to }) => from === name && to !== undefined);
  if (own !== undefined) return { ...own, isFormer: own.to?.every((to) => to.join('.') !== name) ?? true };
  if (isPresent(present, path, value)) return { from: name, to: [path], isFormer: false };
  const above = steps.filter(({ from }) => name === from || name.startsWith(`${from}.`));
  const nearest = above.toSorted((a, b) => b.from.length - a.from.length)[0];
  if (nearest === undefined) return { from: name, why: UNKNOWN, isFormer: false };
  return { ...nearest, isFormer: true };
}

/** Tags were a list of keys and values, each of which is looked at as a whole. */
function tagStep(path: KeyPath, value: unknown): Step | undefined {
  if (path[0] !== 'tags' || path.length !== 2 || typeof path[1] !== 'number') return undefined;
  if (isGroup(value) && typeof value.key === 'string' && value.key !== '__proto__' && !isNested(value.value)) {
    return { from: 'tags', to: [['tags', value.key]], convert: () => ({ value: String(value.value ?? '') }) };
  }
  return { from: 'tags', why: 'is no tag with key and value' };
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Whether the present format has a value at the path: a group only where one may stand, anything where anything may. */
function isPresent(shape: Shape, [part, ...rest]: KeyPath, value: unknown): boolean {
  if (isOpen(shape)) return true;
  if (part === undefined) return value === null || (shape.type === 'object') === isGroup(value);
  const below = shapeAt(shape, [part]);
  return below === undefined ? shape.additionalProperties === true : isPresent(below, rest, value);
}

/** A schema that takes anything. */
function isOpen({ description: _, default: __, examples: ___, ...rules }: Shape): boolean {
  return Object.keys(rules).length === 0;
}

/** Values and lists, each with its path; lists are taken whole, but for that of tags. */
function leaves(data: unknown, path: KeyPath = []): { readonly path: KeyPath; readonly value: unknown }[] {
  if (Array.isArray(data) && path.join() === 'tags') return data.map((value, at) => ({ path: [...path, at], value }));
  if (!isGroup(data) || Object.keys(data).length === 0) return path.length === 0 ? [] : [{ path, value: data }];
  return Object.entries(data).flatMap(([key, value]) => leaves(value, [...path, key]));
}
