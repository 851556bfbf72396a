// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// One raw object through the whole transformer, in a process of its own: node bench/transform.ts <file>
// Prints JSON: events, rows, seconds, processor seconds, highest resident memory and that before the object, in MB.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { loadModule } from '../src/module/load.ts';
import { loadProgram, mappingFiles } from '../src/pipeline/build/load-program.ts';
import { readLines } from '../src/pipeline/read/lines.ts';
import { MAX_LINE_BYTES, transform } from '../src/pipeline/transform.ts';
import { AZURE } from './alerts.ts';

const [file = ''] = process.argv.slice(2);
const { mappings } = await loadModule(AZURE, 'azure');
const { program } = await loadProgram(mappingFiles(AZURE, mappings), '1.3.0');
let [objects, written, refused] = [0, 0, 0];
const baseMb = process.memoryUsage.rss() / 1e6;
const cpu = process.cpuUsage();
const start = performance.now();
const summary = await transform(
  readLines(
    createReadStream(file, { highWaterMark: 1 << 20 }).pipe(createGunzip({ chunkSize: 256 * 1024 })),
    MAX_LINE_BYTES,
  ),
  {
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
        refused += body.byteLength;
      },
      async putLake(_, __, body) {
        objects += 1;
        written += body.byteLength;
      },
    },
    region: 'us-east-1',
    module: 'azure',
    moduleVersion: '1.0.0',
    origin: 'raw/azure/com.microsoft.azure.eventhub/2026-03-04/bench.ndjson.gz',
  },
);
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(cpu);
const rows = [...summary.written.values()].reduce((sum, each) => sum + each.rows, 0);
console.log(
  JSON.stringify({
    events: summary.events,
    rows,
    rejected: summary.rejected,
    objects,
    writtenBytes: written,
    rejectedBytes: refused,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1e3,
    baseMb,
  }),
);
