// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { ip, isoMs } from '../../contract/index.ts';
import type { OcsfEvent } from '../map/mapper.ts';

/** What an analyst looks for in an event, whatever the event calls it. */
export type FactKind =
  | 'address'
  | 'user'
  | 'id'
  | 'technique'
  | 'time'
  | 'severity'
  | 'action'
  | 'outcome'
  | 'resource';

/** A fact that stands in a raw event. */
export interface Fact {
  readonly kind: FactKind;
  readonly value: string;
  /** Raw path, array positions left out. */
  readonly path: string;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const USER = /^[^\s@/]+@[^\s@/]+\.[a-z]{2,}$/i;
const TECHNIQUE = /^T\d{4}(\.\d{3})?$/;
const RESOURCE = /^\/subscriptions\/[^/]+\/.+/i;
const NOBODY = /^0{8}-(0{4}-){3}0{12}$/;
/** Facts that only their key makes one. */
const BY_KEY: readonly (readonly [key: RegExp, kind: FactKind])[] = [
  [/^(severity|risklevel(aggregated|duringsignin)?)$/i, 'severity'],
  [/^(operationname|activitydisplayname)$/i, 'action'],
  [/^(resulttype|result)$/i, 'outcome'],
];

/** The facts of a raw event; each value once. */
export function factsOf(raw: unknown): Fact[] {
  const facts = new Map<string, Fact>();
  walk(raw, '', '');
  return [...facts.values()];

  function walk(value: unknown, path: string, key: string): void {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, `${path}[]`, key);
      return;
    }
    if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) walk(item, path === '' ? name : `${path}.${name}`, name);
      return;
    }
    if (typeof value !== 'string' || value.trim() === '') return;
    const kind = kindOf(value.trim(), key);
    if (kind) facts.set(`${kind} ${value.trim().toLowerCase()}`, { kind, value: value.trim(), path });
  }
}

function kindOf(text: string, key: string): FactKind | undefined {
  const byKey = BY_KEY.find(([pattern]) => pattern.test(key))?.[1];
  if (byKey && text.length < 200) return byKey;
  if (isIP(text) !== 0) return ip(text) === undefined ? undefined : 'address';
  if (TECHNIQUE.test(text)) return 'technique';
  if (USER.test(text)) return 'user';
  if (GUID.test(text)) return NOBODY.test(text) ? undefined : 'id';
  if (RESOURCE.test(text)) return 'resource';
  return isoMs(text) !== undefined && text.length > 10 ? 'time' : undefined;
}

/** Those facts that no attribute of the OCSF events holds; what only `unmapped`, `raw_data` or observables hold is not held. */
export function missingFacts(facts: readonly Fact[], rows: readonly OcsfEvent[]): Fact[] {
  const texts: string[] = [];
  const numbers = new Set<number>();
  for (const { unmapped: _, raw_data: __, observables: ___, ...row } of rows) collect(row);
  const whole = new Set(texts);
  return facts.filter(({ kind, value }) => {
    const text = value.toLowerCase();
    if (kind === 'time') {
      const ms = isoMs(value) ?? Number.NaN;
      return !numbers.has(ms) && !whole.has(text);
    }
    // Severity and outcome become ids: which, the samples of the mapping say.
    if (kind === 'severity' || kind === 'outcome') return rows.length === 0;
    if (whole.has(text)) return false;
    return !texts.some((held) => held.includes(text));
  });

  function collect(value: unknown): void {
    if (typeof value === 'number') numbers.add(value);
    else if (typeof value === 'string') texts.push(value.toLowerCase());
    else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) collect(item);
  }
}
