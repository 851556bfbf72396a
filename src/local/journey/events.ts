// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Texts of events, as a source delivers them. */
export interface JourneyEvents {
  readonly good: readonly string[];
  /** Events that no lake should take. */
  readonly bad: readonly string[];
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/** The raw samples of a module, by case name. */
export function readSamples(moduleFolder: string): unknown[] {
  const folder = join(moduleFolder, 'samples');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.raw.json'))
    .toSorted()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/**
 * Makes `count` events of a module's samples, their times moved to the minutes before `now`, and a few that no lake
 * should take: a kind of event nobody maps, an event whose times cannot be read, and where `anyText`, what is no JSON.
 */
export function journeyEvents(samples: readonly unknown[], count: number, now: Date, anyText: boolean): JourneyEvents {
  const good = Array.from({ length: count }, (_, index) => {
    const sample = samples[index % samples.length];
    return JSON.stringify(moveTimes(sample, now.getTime() - index * 100 - newest(sample)));
  });
  const bad = [JSON.stringify({ kind: 'unknown' }), JSON.stringify(replaceTimes(samples[0]))];
  return { good, bad: anyText ? ['{"time": truncated', ...bad] : bad };
}

/** The latest time in a sample, epoch milliseconds. */
function newest(value: unknown): number {
  if (typeof value === 'string') return ISO_TIME.test(value) ? Date.parse(value) || 0 : 0;
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(0, ...Object.values(value).map(newest));
}

function moveTimes(value: unknown, by: number): unknown {
  return mapTexts(value, (text) => {
    const time = ISO_TIME.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? text : new Date(time + by).toISOString();
  });
}

function replaceTimes(value: unknown): unknown {
  return mapTexts(value, (text) => (ISO_TIME.test(text) ? 'yesterday' : text));
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
