// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';
import { type KeyPath, renderPath } from '../problem.ts';
import { type Place, readSource } from '../source.ts';
import { isGroup } from '../value.ts';
import { type Step, steps } from './steps.ts';

/** What became of one value of the old file. */
export interface Migrated {
  readonly from: string;
  readonly line: number;
  readonly column: number;
  /** Where it went; empty where it was not carried over. */
  readonly to: readonly string[];
  readonly why?: string;
}

export interface Migration {
  /** The new file; undefined where the old one cannot be read. */
  readonly text: string | undefined;
  readonly values: readonly Migrated[];
  /** Why the old file cannot be read. */
  readonly unreadable?: { readonly message: string } & Place;
}

const HEAD = `# yaml-language-server: $schema=./config.schema.json
#
# Carried over from a configuration of the former format.
`;

/** Carries a configuration of the former format over; says of every value where it went, or why it went nowhere. */
export function migrate(text: string): Migration {
  const source = readSource(text);
  if (!source.data) {
    const [first] = source.findings;
    return {
      text: undefined,
      values: [],
      unreadable: { message: first?.message ?? 'cannot be read', ...source.locate([]) },
    };
  }
  const config: Record<string, unknown> = {};
  const values: Migrated[] = [];
  for (const { path, value } of leaves(source.data)) {
    const { line, column } = source.locate(path);
    const step = stepFor(path);
    const converted = step?.to ? (step.convert ? step.convert(value) : value) : undefined;
    const targets = path[0] === 'tags' ? [['tags']] : converted === undefined ? [] : (step?.to ?? []);
    if (converted !== undefined) for (const target of targets) put(config, target, converted);
    const why = step?.why ?? (step || targets.length > 0 ? undefined : 'the key is not known');
    values.push({ from: renderPath(path), line, column, to: targets.map(renderPath), ...(why ? { why } : {}) });
  }
  for (const [key, tag] of Object.entries(tagsOf(source.data))) put(config, ['tags', key], tag);
  return { text: `${HEAD}${stringify(config, { lineWidth: 120 })}`, values };
}

function stepFor(path: KeyPath): Step | undefined {
  const name = path.join('.');
  const fitting = steps.filter(({ from }) => name === from || name.startsWith(`${from}.`));
  return fitting.toSorted((a, b) => b.from.length - a.from.length)[0];
}

/** Tags were a list of keys and values. */
function tagsOf({ tags }: Readonly<Record<string, unknown>>): Record<string, string> {
  if (!Array.isArray(tags)) return isGroup(tags) ? (tags as Record<string, string>) : {};
  const pairs = tags.filter(
    (tag): tag is { key: string; value: unknown } => isGroup(tag) && typeof tag.key === 'string',
  );
  return Object.fromEntries(pairs.map(({ key, value }) => [key, String(value)]));
}

/** Values and lists, each with its path; lists are taken whole. */
function leaves(data: unknown, path: KeyPath = []): { readonly path: KeyPath; readonly value: unknown }[] {
  if (!isGroup(data)) return [{ path, value: data }];
  return Object.entries(data).flatMap(([key, value]) => leaves(value, [...path, key]));
}

/** A module is on where each of the keys that could turn it off lets it be. */
function put(config: Record<string, unknown>, path: KeyPath, value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    config[key] = key === 'enabled' && config[key] === false ? false : value;
    return;
  }
  if (!isGroup(config[key])) config[key] = {};
  put(config[key] as Record<string, unknown>, rest, value);
}
