// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { versionsOf } from '../../contract/index.ts';
import { badArguments } from '../../errors/cli.ts';
import { Failure } from '../../errors/failure.ts';
import { loadModule } from '../../module/load.ts';
import type { Column, OcsfVersion } from '../../ocsf/index.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import { type Difference, differences } from '../../pipeline/build/difference.ts';
import { loadProgram, mappingFiles } from '../../pipeline/build/load-program.ts';
import { runSamples, type Sample, updateSamples } from '../../pipeline/build/sample.ts';
import { tryEvents } from '../../pipeline/build/trial-report.ts';
import { chosenModules, moduleOptions } from '../chosen-modules.ts';
import { type CommandContext, defineCommand, type ExitCode, textOption } from '../command.ts';
import { table } from '../output.ts';

const DEFAULT_VERSION = '1.3.0';

/** A case and how it came out. */
interface Result {
  readonly sample: Sample;
  readonly differences: readonly Difference[];
  readonly verdict: 'ok' | 'refused' | 'differs' | 'no expectation' | 'ambiguous' | 'invalid';
}

export const command = defineCommand({
  summary: 'Runs the samples of a module through its mappings and compares with what is expected',
  description: `Each samples/<case>.raw.json is mapped and validated as the deployed transformer does it. With --case all of it is
shown: raw event, OCSF event, what stays in unmapped, what the validator says, the difference to <case>.ocsf.json.
Every OCSF version that all mappings claim is tried; what is expected is that of ${DEFAULT_VERSION}.`,
  options: {
    ...moduleOptions,
    case: { type: 'string', value: '<name>', description: 'Only this case, in full' },
    update: { type: 'boolean', description: 'Writes what comes out as what is expected; review the difference' },
    'ocsf-version': { type: 'string', value: '<v>', description: 'Tries this version too, claimed or not' },
    events: {
      type: 'string',
      value: '<path>',
      description: 'Runs the events of a JSON Lines file, or of all below a folder, and counts what becomes of them',
    },
    columns: { type: 'boolean', description: 'Shows the Parquet columns of each lake source' },
  },
  examples: [
    'npm run test-mapping -- --module azure',
    'npm run test-mapping -- --module azure --case sign-in-failure',
    'npm run test-mapping -- --module azure --update',
    'npm run test-mapping -- --module azure --ocsf-version 1.8.0',
    'npm run test-mapping -- --module azure --events exported.jsonl',
  ],
  async run(context) {
    let worst: ExitCode = 0;
    const reports: object[] = [];
    const events = textOption(context.values, 'events');
    for (const { id, folder } of chosenModules('test-mapping', context)) {
      if (events !== undefined) {
        reports.push(await tryFiles(context, id, folder, events));
        continue;
      }
      const { code, report } = await testModule(context, id, folder);
      if (code > worst) worst = code;
      reports.push(report);
    }
    context.output.object({ modules: reports });
    return worst;
  },
});

/** Real events, file by file: how many conform, why others do not, and which facts no attribute holds. */
async function tryFiles({ output, callerFolder }: CommandContext, id: string, folder: string, target: string) {
  const loaded = await loadModule(folder, id);
  const { program } = await loadProgram(mappingFiles(folder, loaded.mappings), DEFAULT_VERSION);
  const files = eventFiles(resolve(callerFolder, target));
  if (files.length === 0)
    throw new Failure(badArguments, { command: 'test-mapping', why: `${target} holds no events (*.jsonl, *.ndjson)` });
  const reports = files.map((file) => ({
    file: relative(callerFolder, file),
    ...tryEvents(program, readEvents(file)),
  }));
  output.line(output.style.bold(id));
  const rows = reports.map(({ file, events, conforming, facts, held }) => [
    events,
    conforming,
    facts === 0 ? '' : `${Math.round((100 * held) / facts)} %`,
    file,
  ]);
  for (const line of table(['events', 'conform', 'facts held', 'file'], rows)) output.line(`  ${line}`);
  for (const { file, refused, missing } of reports) {
    if (refused.size + missing.size === 0) continue;
    output.line();
    output.line(file);
    for (const [reason, count] of refused) output.line(`  ${count} refused: ${reason}`);
    const most = [...missing].toSorted(([, a], [, b]) => b - a).slice(0, 5);
    for (const [fact, count] of most) output.line(`  ${count} times no attribute holds the ${fact}`);
  }
  const plain = (counts: ReadonlyMap<string, number>) => Object.fromEntries(counts);
  return {
    module: id,
    files: reports.map((report) => ({
      ...report,
      refused: plain(report.refused),
      missing: plain(report.missing),
      mappings: plain(report.mappings),
    })),
  };
}

function eventFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(jsonl|ndjson)$/.test(file) && !/\.meta\./.test(file))
    .toSorted()
    .map((file) => join(path, file));
}

/** A line that is no JSON is tried as the text that it is. */
function readEvents(file: string): unknown[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      return line;
    }
  });
}

async function testModule(context: CommandContext, id: string, folder: string) {
  const { values, output, callerFolder } = context;
  const loaded = await loadModule(folder, id);
  const files = mappingFiles(folder, loaded.mappings);
  const { program, source } = await loadProgram(files, DEFAULT_VERSION);
  const wanted = textOption(values, 'case');
  const all = runSamples(folder, program);
  const samples = all.filter(({ name }) => wanted === undefined || name === wanted);
  if (samples.length === 0) {
    const known = all.map(({ name }) => name).join(', ');
    throw new Failure(badArguments, {
      command: 'test-mapping',
      why: wanted === undefined ? `${id} has no samples` : `${id} has no case ${wanted} (has ${known})`,
    });
  }
  if (values.update) {
    const changed = samples.filter(
      ({ expected, actual, reasons }) => reasons.length === 0 && differences(expected, actual).length > 0,
    );
    updateSamples(changed);
    for (const { expectedFile } of changed) output.line(`written  ${relative(callerFolder, expectedFile)}`);
  }
  const results = samples.map((sample) => judge(values.update ? { ...sample, expected: sample.actual } : sample));
  const reached = new Set(all.flatMap(({ mapping, rows }) => (mapping && rows.length > 0 ? [mapping] : [])));
  const unreached =
    wanted === undefined ? program.mappings.filter(({ name }) => !reached.has(name)).map(({ name }) => name) : [];

  if (wanted !== undefined) for (const result of results) showCase(context, result);
  else showTable(context, id, results);
  if (values.columns) {
    for (const { class: className, columns } of source.sources) {
      output.line();
      output.line(`${output.style.bold(className)}: ${leaves(columns).length} Parquet columns`);
      for (const leaf of leaves(columns)) output.line(`  ${leaf}`);
    }
  }
  for (const name of unreached) output.line(output.style.red(`no sample reaches ${name}`));
  const versions = await otherVersions(context, folder, files);
  const isFine = results.every(({ verdict }) => verdict === 'ok' || verdict === 'refused') && unreached.length === 0;
  const report = {
    module: id,
    cases: results.map(({ sample, verdict, differences: differing }) => ({
      case: sample.name,
      mapping: sample.mapping,
      verdict,
      rows: sample.rows.length,
      unmapped: sample.unmapped,
      unmappedShare: shareUnmapped(sample),
      reasons: sample.reasons,
      issues: sample.issues,
      differences: differing,
    })),
    unreached,
    versions,
  };
  return { code: (isFine && versions.every(({ problems }) => problems.length === 0) ? 0 : 1) as ExitCode, report };
}

function judge(sample: Sample): Result {
  if (sample.rivals.length > 0) return { sample, differences: [], verdict: 'ambiguous' };
  // A sample without expectation is one that shows what is refused.
  if (sample.reasons.length > 0)
    return { sample, differences: [], verdict: sample.expected === undefined ? 'refused' : 'invalid' };
  if (sample.expected === undefined) return { sample, differences: [], verdict: 'no expectation' };
  const found = differences(sample.expected, sample.actual);
  return { sample, differences: found, verdict: found.length === 0 ? 'ok' : 'differs' };
}

/** The samples in each further version that is claimed or asked for. */
async function otherVersions(
  { values, output }: CommandContext,
  folder: string,
  files: ReturnType<typeof mappingFiles>,
): Promise<{ readonly version: string; readonly leftOut: number; readonly problems: readonly string[] }[]> {
  const asked = textOption(values, 'ocsf-version');
  const first = files.map(({ mapping }) => versionsOf(mapping));
  const claimed = (first[0] ?? []).filter((version) => first.every((versions) => versions.includes(version)));
  const others = [...new Set([...claimed, ...(asked ? [ocsfSchema(asked).version as OcsfVersion] : [])])];
  const results = [];
  for (const version of others.filter((candidate) => candidate !== DEFAULT_VERSION)) {
    const claiming = files.map((file) => ({ ...file, mapping: { ...file.mapping, versions: [version] } }));
    const { program, source } = await loadProgram(claiming, version);
    const samples = runSamples(folder, program);
    const problems = samples.flatMap(({ name, reasons, expected }) =>
      expected === undefined ? [] : reasons.map(({ path, message }) => `${name}: ${path}: ${message}`),
    );
    output.line();
    output.line(
      `OCSF ${version}: ${samples.filter(({ rows }) => rows.length > 0).length} of ${samples.length} samples conform`,
    );
    for (const problem of problems) output.line(`  ${output.style.red(problem)}`);
    for (const [mapping, paths] of source.leftOut) output.line(`  ${mapping} leaves out ${paths.join(', ')}`);
    results.push({ version, leftOut: [...source.leftOut.values()].flat().length, problems });
  }
  return results;
}

function showTable({ output }: CommandContext, id: string, results: readonly Result[]): void {
  const { style } = output;
  output.line(style.bold(id));
  const rows = results.map(({ sample, verdict }) => [
    sample.name,
    verdict,
    sample.mapping ?? 'none',
    sample.rows.length,
    `${shareUnmapped(sample)} %`,
  ]);
  for (const line of table(['case', 'verdict', 'mapping', 'rows', 'unmapped'], rows)) output.line(`  ${line}`);
  for (const result of results) {
    if (result.verdict === 'ok' || result.verdict === 'refused') continue;
    output.line();
    output.line(`${style.red(result.sample.name)}: ${result.verdict}`);
    showProblems({ output }, result);
  }
  const bad = results.filter(({ verdict }) => verdict !== 'ok' && verdict !== 'refused').length;
  output.line();
  output.line(`${results.length} cases, ${bad === 0 ? 'all as expected' : `${bad} not as expected`}`);
}

function showCase({ output }: CommandContext, result: Result): void {
  const { style } = output;
  const { sample } = result;
  output.line(style.bold(`${sample.name}: ${result.verdict}`));
  output.line(`taken by ${sample.mapping ?? 'no mapping'}`);
  output.line();
  output.line(style.bold('Raw event'));
  output.line(JSON.stringify(sample.raw, null, 2));
  output.line();
  output.line(style.bold('OCSF'));
  output.line(JSON.stringify(sample.actual, null, 2));
  output.line();
  output.line(
    style.bold(`Left in unmapped: ${sample.unmapped.length} paths, ${shareUnmapped(sample)} % of the values`),
  );
  for (const path of sample.unmapped) output.line(`  ${path}`);
  output.line();
  output.line(style.bold('Validation'));
  if (sample.issues.length === 0) output.line('  nothing to say');
  for (const { level, code, path, message } of sample.issues) output.line(`  ${level}  ${code}  ${path}: ${message}`);
  showProblems({ output }, result);
}

function showProblems({ output }: Pick<CommandContext, 'output'>, { sample, differences: found }: Result): void {
  for (const rival of sample.rivals) output.line(`  ${rival} takes it too, with the same priority`);
  for (const { code, path, message } of sample.reasons) output.line(`  ${code}  ${path}: ${message}`);
  for (const { path, expected, actual } of found) {
    output.line(`  ${path}`);
    if (expected !== undefined) output.line(`    ${output.style.red(`- ${JSON.stringify(expected)}`)}`);
    if (actual !== undefined) output.line(`    ${output.style.green(`+ ${JSON.stringify(actual)}`)}`);
  }
}

/** Values of the raw event that stay in `unmapped`, in percent of all. */
function shareUnmapped({ raw, rows }: Sample): number {
  const all = countValues(raw);
  const left = Math.max(0, ...rows.map(({ unmapped }) => Object.keys(unmapped ?? {}).length));
  return all === 0 ? 0 : Math.round((100 * left) / all);
}

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, below) => sum + countValues(below), 0);
}

/** The leaf columns as a reader sees them: path and type. */
function leaves(columns: readonly Column[], prefix = ''): string[] {
  return columns.flatMap((column) => leavesOf(column, prefix === '' ? column.name : `${prefix}.${column.name}`));
}

function leavesOf(column: Column, path: string): string[] {
  switch (column.kind) {
    case 'leaf':
      return [`${path}  ${column.type}`];
    case 'map':
      return [`${path}  map of texts`];
    case 'list':
      return leavesOf(column.element, `${path}[]`);
    case 'struct':
      return leaves(column.fields, path);
  }
}
