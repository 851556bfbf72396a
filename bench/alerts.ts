// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { CDK_FOLDER } from '../src/release/deploy.ts';

export const ROOT = join(import.meta.dirname, '..');
export const AZURE = join(ROOT, CDK_FOLDER, 'modules', 'azure');
const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** The subscription of the samples. */
const SUBSCRIPTION = /(?<=subscriptions\/)[0-9a-f-]{36}/gi;
const START = Date.UTC(2026, 2, 4);

/** Numbers that look random and are the same in every run. */
export function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Alerts with the processes, accounts and containers of an attack, about 2.5 KB; and short ones about a machine. */
export const KINDS = {
  full: ['security-alert-process', 'security-alert-kubernetes'],
  short: ['security-alert-vm'],
} as const;

/** Makes lines of a raw object: Defender alerts of the azure module's samples with ids, hosts and times of their own. */
export function alertLines(
  options: { readonly accounts?: number; readonly days?: number; readonly kind?: keyof typeof KINDS } = {},
): (index: number) => string {
  const { accounts = 20, days = 1, kind = 'full' } = options;
  const samples = KINDS[kind].map((name) =>
    JSON.stringify(JSON.parse(readFileSync(join(AZURE, 'samples', `${name}.raw.json`), 'utf8'))),
  );
  const random = sequence(7);
  const hex = (length: number) => Array.from({ length }, () => random(16).toString(16)).join('');
  const newId = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  const subscriptions = Array.from({ length: accounts }, newId);
  return (index) => {
    const at = new Date(START + random(86_400_000) + random(days) * 86_400_000).toISOString();
    const subscription = subscriptions[random(accounts)] ?? '';
    const data = (samples[index % samples.length] ?? '{}')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, at)
      .replaceAll(SUBSCRIPTION, subscription)
      .replaceAll(GUID, (id) => (id === subscription ? id : newId()))
      .replaceAll(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, () => `203.0.${random(256)}.${random(256)}`);
    return `{"specversion":"1.0","id":"bench/${index}","source":"//bench/hub/0","type":"com.microsoft.azure.eventhub","time":"${at}","data":${data}}`;
  };
}

/** Writes a raw object of `count` events to a file; returns its uncompressed size in bytes. */
export async function writeRawObject(file: string, count: number, line: (index: number) => string): Promise<number> {
  const gzip = createGzip({ level: 6 });
  const out = createWriteStream(file);
  gzip.pipe(out);
  let bytes = 0;
  for (let index = 0; index < count; index += 1) {
    const text = `${line(index)}\n`;
    bytes += Buffer.byteLength(text);
    if (!gzip.write(text)) await once(gzip, 'drain');
  }
  gzip.end();
  await once(out, 'finish');
  return bytes;
}
