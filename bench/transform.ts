// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Program } from '../src/pipeline/program.ts';
import { readLines } from '../src/pipeline/read/lines.ts';
import { MAX_LINE_BYTES, transform } from '../src/pipeline/transform.ts';

/** What became of one raw object, and what it took. */
export interface Transformed {
  readonly events: number;
  readonly rows: number;
  readonly rejected: number;
  readonly objects: number;
  readonly writtenBytes: number;
  readonly rejectedBytes: number;
  readonly seconds: number;
  /** Of all threads of the process. */
  readonly cpuSeconds: number;
  /** What `JSON.parse` alone takes for the same lines, right after: a measure of the machine at that time. */
  readonly parseSeconds: number;
  /** Highest resident memory so far, and that before the object, in MB. */
  readonly peakMb: number;
  readonly baseMb: number;
}

/**
 * Takes one raw object, named by the first argument of the process, through the whole transformer as often as the
 * second argument says, one after the other as a function gets them, and prints what each time took as JSON.
 */
export async function transformFile(program: Program): Promise<void> {
  const [file = '', times = '1'] = process.argv.slice(2);
  const results: Transformed[] = [];
  for (let time = 0; time < Number(times); time += 1) {
    const result = await once(program, file);
    results.push({ ...result, parseSeconds: await parse(file) });
  }
  console.log(JSON.stringify(results));
}

function linesOf(file: string) {
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 }).pipe(createGunzip({ chunkSize: 256 * 1024 }));
  return readLines(bytes, MAX_LINE_BYTES);
}

async function parse(file: string): Promise<number> {
  let seconds = 0;
  for await (const lines of linesOf(file)) {
    const start = performance.now();
    for (const { text } of lines) JSON.parse(text ?? '');
    seconds += (performance.now() - start) / 1000;
  }
  return seconds;
}

async function once(program: Program, file: string): Promise<Omit<Transformed, 'parseSeconds'>> {
  let [objects, writtenBytes, rejectedBytes] = [0, 0, 0];
  const baseMb = process.memoryUsage.rss() / 1e6;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const summary = await transform(linesOf(file), {
    program,
    sources: Object.keys(program.classes).map((name) => ({
      class: name as keyof typeof program.classes,
      name,
      roleArn: 'arn:aws:iam::123456789012:role/lake',
      bucket: 'lake',
      prefix: `ext/${name}/`,
    })),
    store: {
      readRaw: () => Promise.reject(new Error('not read here')),
      async putRejected(_, body) {
        rejectedBytes += body.byteLength;
      },
      async putLake(_, __, body) {
        objects += 1;
        writtenBytes += body.byteLength;
      },
    },
    region: 'us-east-1',
    module: 'azure',
    moduleVersion: '1.0.0',
    origin: 'raw/azure/com.microsoft.azure.eventhub/2026-03-04/bench.ndjson.gz',
  });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { events, written, rejected } = summary;
  const rows = [...written.values()].reduce((sum, each) => sum + each.rows, 0);
  const figures = { events, rows, rejected, objects, writtenBytes, rejectedBytes, seconds };
  const cpuSeconds = (user + system) / 1e6;
  // The operating system counts in KiB.
  const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6;
  return { ...figures, cpuSeconds, peakMb, baseMb };
}
