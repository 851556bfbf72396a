// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// The whole report: node bench/run.ts [--quick] [--million] [--json]
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { createOutput, grouped } from '../src/cli/output.ts';
import { bundleTransformer } from '../src/infra/bundling/index.ts';
import { NODE_OF_LAMBDA } from '../src/local/embedded-aws/environment.ts';
import { loadModule } from '../src/module/load.ts';
import { mappingFiles, programSource, transformerEntry } from '../src/pipeline/build/load-program.ts';
import { AZURE, alertLines, ROOT as root, writeRawObject } from './alerts.ts';
import type { Transformed } from './transform.ts';

const run = promisify(execFile);

/** A measurement with what it should be. */
interface Measure {
  readonly what: string;
  readonly value: string;
  readonly goal: string;
  readonly met: boolean | undefined;
}

const options = { quick: { type: 'boolean' }, million: { type: 'boolean' }, json: { type: 'boolean' } } as const;
const { values } = parseArgs({ options });
const output = createOutput({ ...process, json: values.json ?? false, environment: process.env });
const loadBefore = loadavg()[2]?.toFixed(2);
const folder = mkdtempSync(join(tmpdir(), 'slake-bench-'));
const scale = values.quick ? 10 : 1;
/** Objects after which the engine has optimized what it optimizes; a function takes thousands before it is replaced. */
const WARM = 3;
/** Objects after those; they differ by what else the machine does and by when garbage is collected. The best counts. */
const ROUNDS = 5;
/** MB of the transformer, and those in which the largest object has to fit; none where the heap is not bounded. */
const MEMORY = { transformer: 1769, smallest: 512, none: 0 } as const;
const measures: Measure[] = [];
const { mappings } = await loadModule(AZURE, 'azure');
const files = mappingFiles(AZURE, mappings);
const bundled = (entrySource: string) =>
  bundleTransformer({
    module: { id: 'bench' },
    entrySource,
    resolveDir: AZURE,
    cacheFolder: join(root, '.slake', 'assets'),
  });
/** The code that is deployed, without the tools that made it: memory is that of the function. */
const transformer = bundled(
  [
    `import { transformFile } from ${JSON.stringify(join(root, 'bench', 'transform.ts'))};`,
    programSource(files, '1.3.0').text,
    'await transformFile(program);',
  ].join('\n'),
);

/** Runs a script in a process of its own, as Lambda would in a function of so many MB, and returns the JSON of its last line. */
async function node<T>(memoryMb: number, script: string, ...args: string[]): Promise<T> {
  const env = { ...process.env, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb) };
  const { stdout } = await run(NODE_OF_LAMBDA, ['--disable-warning=ExperimentalWarning', script, ...args], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

/** One raw object, several times in one process; each event has so many bytes. */
async function transformed(
  count: number,
  line: (index: number) => string,
  { times = 1, memoryMb = MEMORY.transformer as number } = {},
) {
  const file = join(folder, `${count}.ndjson.gz`);
  const bytes = await writeRawObject(file, count, line);
  const script = join(transformer.folder, 'index.mjs');
  const results = await node<Transformed[]>(memoryMb, script, file, String(times));
  const [first] = results;
  const rounds = results.slice(-ROUNDS).toSorted((a, b) => a.cpuSeconds - b.cpuSeconds);
  const [best] = rounds;
  const median = rounds[Math.floor(rounds.length / 2)];
  if (!first || !best || !median) throw new Error('the transformer printed no figures');
  return { bytes, bytesPerEvent: Math.round(bytes / count), first, best, median };
}

function perSecond({ events, cpuSeconds }: Transformed): number {
  return Math.round(events / cpuSeconds);
}

function throughput(
  what: string,
  goal: string,
  result: Transformed,
  bytesPerEvent: number,
  median?: Transformed,
): Measure {
  const byClock = Math.round(result.events / result.seconds);
  const times = (result.cpuSeconds / result.parseSeconds).toFixed(1);
  const usual = median === undefined ? '' : `median ${grouped(perSecond(median))}, `;
  const value = `${grouped(perSecond(result))} events/s of processor time (${usual}${grouped(byClock)} by the clock), ${bytesPerEvent} bytes an event; ${times} times what JSON.parse takes`;
  return measure(what, value, goal, goal === '' ? undefined : perSecond(result) >= 20_000);
}

try {
  await output.stage('A raw object of 100,000 alerts', async (say) => {
    const full = await transformed(100_000 / scale, alertLines(), { times: WARM + ROUNDS });
    const short = await transformed(100_000 / scale, alertLines({ kind: 'short' }), {
      times: WARM + ROUNDS,
    });
    const { peakMb, baseMb } = full.first;
    say(`${grouped(perSecond(full.best))} events/s`);
    measures.push(
      throughput(
        'alerts: gzip NDJSON to validated Parquet, raw_data kept',
        'at least 20,000 events/s',
        full.best,
        full.bytesPerEvent,
        full.median,
      ),
      throughput('the same, the first object of a new process', '', full.first, full.bytesPerEvent),
      throughput('short alerts about a machine', '', short.best, short.bytesPerEvent, short.median),
      throughput('the same, the first object of a new process', '', short.first, short.bytesPerEvent),
      measure(
        'memory above that before the object',
        `${Math.round(peakMb - baseMb)} MB (peak ${Math.round(peakMb)} MB)`,
        'at most 400 MB',
        peakMb - baseMb <= 400,
      ),
    );
  });
  await output.stage('A raw object of 64 MB', async (say) => {
    const line = alertLines();
    const sizes = Array.from({ length: 100 }, (_, index) => Buffer.byteLength(line(index)) + 1);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const { first, bytes } = await transformed(Math.round((64 * 1024 * 1024) / scale / mean), line);
    const { seconds, cpuSeconds } = first;
    say(`${cpuSeconds.toFixed(2)} s`);
    measures.push(
      measure(
        `a raw object of ${Math.round(bytes / 1024 / 1024)} MB of text`,
        `${cpuSeconds.toFixed(2)} s of processor time (${seconds.toFixed(2)} s by the clock)`,
        values.quick ? '' : 'under 4 s',
        values.quick ? undefined : cpuSeconds < 4,
      ),
    );
  });
  if (values.million) {
    await output.stage('A raw object of a million alerts', async (say) => {
      const memoryMb = MEMORY.smallest;
      const { first } = await transformed(1_000_000 / scale, alertLines({ accounts: 40 }), { memoryMb });
      const { peakMb, seconds, events, objects } = first;
      say(`${Math.round(peakMb)} MB`);
      measures.push(
        measure(
          `${grouped(events)} events of 40 accounts in one raw object`,
          `peak ${Math.round(peakMb)} MB, ${seconds.toFixed(0)} s, ${grouped(objects)} objects`,
          `within ${memoryMb} MB`,
          peakMb <= memoryMb,
        ),
      );
    });
  }
  await output.stage('Each stage alone', async () => {
    const rates = await node<Record<string, number>>(
      MEMORY.none,
      join(root, 'bench', 'stages.ts'),
      String(20_000 / scale),
    );
    const write = rates.write ?? 1;
    for (const stage of ['parse', 'map', 'validate', 'write']) {
      measures.push(measure(`${stage} alone`, `${grouped(rates[stage] ?? 0)} events/s`, '', undefined));
    }
    for (const other of ['hyparquet-writer', 'DuckDB, one thread, from NDJSON']) {
      const rate = rates[other] ?? 1;
      measures.push(
        measure(
          `write by ${other}`,
          `${grouped(rate)} events/s; ours is ${(write / rate).toFixed(2)} times as fast`,
          '',
          undefined,
        ),
      );
    }
  });
  await output.stage('Cold start of the transformer', async () => {
    const asset = bundled(transformerEntry(files, '1.3.0'));
    const zip = deflateRawSync(readFileSync(join(asset.folder, 'index.mjs'))).length;
    const starts = [];
    for (let round = 0; round < 5; round += 1)
      starts.push(
        await node<{ process: number }>(MEMORY.transformer, join(root, 'bench', 'cold-start.ts'), asset.folder),
      );
    const median = starts.map((start) => start.process).toSorted((a, b) => a - b)[2] ?? 0;
    measures.push(
      measure('cold start, from process to answer', `${median.toFixed(2)} s`, 'under 1 s', median < 1),
      measure('transformer, zipped', `${(zip / 1e6).toFixed(2)} MB`, 'under 2 MB', zip < 2e6),
    );
  });
  await output.stage('The collector', async () => {
    const { stdout } = await run('python', ['measure.py'], { cwd: join(root, 'collector') });
    for (const [, shape, rate] of stdout.matchAll(/^(.*records? per message): ([\d,]+) events\/s/gm)) {
      const perSecond = Number(rate?.replaceAll(',', ''));
      measures.push(
        measure(`collector, ${shape}`, `${rate} events/s of 1 KB`, 'at least 50,000 events/s', perSecond >= 50_000),
      );
    }
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 1e9),
  node: process.version,
  loadBefore,
  measuredAt: new Date().toISOString().slice(0, 10),
};
const report = render(machine, measures);
output.object({ machine, measures });
output.line(report);
if (values.quick) {
  output.line('Too few events to be kept: bench/report.md is of a whole run.');
} else {
  writeFileSync(join(root, 'bench', 'report.md'), report);
  writeFileSync(join(root, 'bench', 'report.json'), `${JSON.stringify({ machine, measures }, null, 2)}\n`);
  output.line('The report is in bench/report.md and bench/report.json.');
}

function measure(what: string, value: string, goal: string, met: boolean | undefined): Measure {
  return { what, value, goal, met };
}

function render(machine: Readonly<Record<string, unknown>>, measures: readonly Measure[]): string {
  const rows = measures.map(({ what, value, goal, met }) => {
    const standing = met === undefined ? '' : met ? 'met' : 'missed';
    return `| ${what} | ${value} | ${goal} | ${standing} |`;
  });
  return `# What the pipeline does in a second

Written by \`npm run bench\` on ${machine.measuredAt}: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}, load over the
last 15 minutes ${machine.loadBefore}. Each measurement has a process of its own. Processor time is that of all its threads, and is what
is held against the goals: by the clock, collecting garbage on the other core would count for nothing, and the load of
the machine for much. The rate of alerts is the best of ${ROUNDS} objects of a function which has taken ${WARM} before, with the median of
the ${ROUNDS} beside it: the engine optimizes what runs often, and that takes part of the time of the first object; the others differ
by what else the machine does and by when garbage is collected. The heap of the transformer is bounded as in a function of
${MEMORY.transformer} MB, for the million events of ${MEMORY.smallest} MB; that of the stages alone is not. Compare figures of one run only.

| what | measured | goal | |
|---|---|---|---|
${rows.join('\n')}
`;
}
