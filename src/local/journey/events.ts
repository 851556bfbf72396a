// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An event to send, and what should become of it. */
export interface JourneyEvent {
  readonly body: unknown;
}

/** Bodies as a source sends them: one to many events each, in the shapes that Azure services use. */
export interface JourneyBodies {
  readonly bodies: readonly string[];
  /** Events in all bodies together. */
  readonly events: number;
  /** Of these, how many are made to be refused. */
  readonly bad: number;
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
 * should take: text that is no JSON, a kind of event nobody maps, and an event whose times cannot be read.
 */
export function journeyBodies(samples: readonly unknown[], count: number, now: Date): JourneyBodies {
  const events = Array.from({ length: count }, (_, index) => {
    const sample = samples[index % samples.length];
    return moveTimes(sample, now.getTime() - index * 100 - newest(sample));
  });
  const bodies: string[] = [];
  for (let at = 0; at < events.length; ) {
    const shape = bodies.length % 3;
    const size = shape === 0 ? 1 : Math.min(20, events.length - at);
    const part = events.slice(at, at + size);
    bodies.push(JSON.stringify(shape === 0 ? part[0] : shape === 1 ? { records: part } : part));
    at += size;
  }
  const bad = ['{"time": truncated', JSON.stringify({ kind: 'unknown' }), JSON.stringify(replaceTimes(samples[0]))];
  return { bodies: [...bodies, ...bad], events: count + bad.length, bad: bad.length };
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
