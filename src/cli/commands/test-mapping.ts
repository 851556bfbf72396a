// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { relative } from 'node:path';
import { versionsOf } from '../../contract/index.ts';
import { badArguments } from '../../errors/cli.ts';
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { loadModule } from '../../module/load.ts';
import { DEFAULT_OCSF_VERSION, type OcsfVersion } from '../../ocsf/index.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import { problemsIn } from '../../pipeline/build/claims.ts';
import { loadProgram, mappingFiles } from '../../pipeline/build/load-program.ts';
import {
  judgeSample,
  orphanedExpectations,
  runSamples,
  type Sample,
  type SampleResult,
  updateSamples,
} from '../../pipeline/build/sample.ts';
import type { MappingFile } from '../../pipeline/build/transformer-source.ts';
import { chosenModules, moduleOptions } from '../chosen-modules.ts';
import { type CommandContext, defineCommand, type ExitCode, textOption } from '../command.ts';
import { tryFiles } from '../mappings/events.ts';
import { shareUnmapped, showCase, showColumns, showTable } from '../mappings/show.ts';

export const command = defineCommand({
  summary: 'Runs the samples of a module through its mappings and compares with what is expected',
  description: `Each samples/<case>.raw.json is mapped and validated as the deployed transformer does it, and compared with
<case>.ocsf.json; [] there means that the event must be refused. With --case all of it is shown: raw event, OCSF event,
Parquet columns, what stays in unmapped, what the validator says, and the difference.
What is expected is OCSF ${DEFAULT_OCSF_VERSION}; each further version that all mappings claim is tried too.
With --events real events are run instead: how many conform, which lines are refused and why, which of their facts (addresses,
users, times, severities and so on) an attribute holds, and which it does not.
Exit code 1: a sample is not as expected, a mapping has no sample, or a version is claimed that does not hold; with
--events, an event is refused.`,
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
    'npm run test-mapping -- --module azure --events folder-of-exports --json',
  ],
  async run(context) {
    let worst: ExitCode = 0;
    const reports: object[] = [];
    const events = textOption(context.values, 'events');
    for (const { id, folder } of chosenModules('test-mapping', context)) {
      const { isFine, report } = await (events === undefined
        ? testModule(context, id, folder)
        : tryFiles(context, id, folder, events));
      if (!isFine) worst = 1;
      reports.push(report);
    }
    context.output.object({ modules: reports });
    return worst;
  },
});

async function testModule(context: CommandContext, id: string, folder: string) {
  const { values, output } = context;
  const { red } = output.style;
  const loaded = await loadModule(folder, id);
  const files = mappingFiles(folder, loaded.mappings);
  const { program, source } = await loadProgram(files, DEFAULT_OCSF_VERSION);
  const wanted = textOption(values, 'case');
  const all = runSamples(folder, program);
  const samples = chosenSamples(id, all, wanted);
  const results = values.update ? update(context, samples) : samples.map(judgeSample);
  const reached = new Set(all.flatMap(({ mapping, rows }) => (mapping && rows.length > 0 ? [mapping] : [])));
  const isWhole = wanted === undefined;
  const unreached = isWhole ? program.mappings.map(({ name }) => name).filter((name) => !reached.has(name)) : [];
  const orphans = isWhole ? orphanedExpectations(folder) : [];

  if (isWhole) showTable(output, id, results);
  for (const result of isWhole ? [] : results) {
    const taking = program.mappings.find(({ name }) => name === result.sample.mapping);
    showCase(output, result, source.sources.find((each) => each.class === taking?.class)?.columns ?? []);
  }
  if (values.columns) for (const { class: name, columns } of source.sources) showColumns(output, name, columns);
  for (const name of unreached) output.line(red(`no sample reaches ${name}`));
  for (const file of orphans) output.line(red(`samples/${file} has no raw event beside it`));
  const shown = isWhole ? files : files.filter(({ name }) => results.some(({ sample }) => sample.mapping === name));
  const versions = await otherVersions(context, folder, shown, wanted);
  const report = {
    module: id,
    cases: results.map(({ sample, verdict, differences }) => ({
      case: sample.name,
      mapping: sample.mapping,
      verdict,
      rows: sample.rows.length,
      ...(isWhole ? {} : { raw: sample.raw, ocsf: sample.actual }),
      unmapped: sample.unmapped,
      unmappedShare: shareUnmapped(sample),
      reasons: sample.reasons,
      issues: sample.issues,
      differences,
    })),
    unreached,
    orphans,
    versions,
  };
  const isFine =
    results.every((result) => result.isFine) &&
    unreached.length + orphans.length === 0 &&
    versions.every(({ problems }) => problems.length === 0);
  return { isFine, report };
}

function chosenSamples(id: string, all: readonly Sample[], wanted: string | undefined): readonly Sample[] {
  const samples = all.filter(({ name }) => wanted === undefined || name === wanted);
  if (samples.length > 0) return samples;
  const known = all.map(({ name }) => name).join(', ');
  const why = wanted === undefined ? `${id} has no samples` : `${id} has no case ${wanted} (has ${known})`;
  throw new Failure(badArguments, { command: 'test-mapping', why });
}

/** Makes what comes out the expectation, except of samples that are refused: those say so by an expectation of `[]`. */
function update({ output, callerFolder }: CommandContext, samples: readonly Sample[]): SampleResult[] {
  const results = samples.map(judgeSample);
  const changed = results.filter(({ verdict }) => verdict === 'differs' || verdict === 'no expectation');
  updateSamples(changed.map(({ sample }) => sample));
  for (const { sample } of changed) output.line(`written  ${relative(callerFolder, sample.expectedFile)}`);
  return results.map(({ sample, ...result }) =>
    changed.some((each) => each.sample === sample)
      ? judgeSample({ ...sample, expected: sample.actual })
      : { sample, ...result },
  );
}

/** What a further OCSF version makes of the module. */
interface VersionReport {
  readonly version: string;
  /** Attributes that the version lacks, over all mappings. */
  readonly leftOut: number;
  readonly problems: readonly string[];
}

/** The samples in each further version that is claimed or asked for. */
async function otherVersions(
  { values, output }: CommandContext,
  folder: string,
  files: readonly MappingFile[],
  only: string | undefined,
): Promise<VersionReport[]> {
  const asked = textOption(values, 'ocsf-version');
  const claims = files.map(({ mapping }) => versionsOf(mapping));
  const claimed = (claims[0] ?? []).filter((version) => claims.every((versions) => versions.includes(version)));
  const wanted = new Set([...claimed, ...(asked === undefined ? [] : [ocsfSchema(asked).version as OcsfVersion])]);
  wanted.delete(DEFAULT_OCSF_VERSION);
  const reports: VersionReport[] = [];
  for (const version of wanted) {
    output.line();
    const report = await inVersion({ version, folder, files, only }, (text) => output.line(text));
    for (const problem of report.problems) output.line(`  ${output.style.red(problem)}`);
    reports.push(report);
  }
  return reports;
}

interface VersionTrial {
  readonly version: OcsfVersion;
  readonly folder: string;
  readonly files: readonly MappingFile[];
  /** Name of the only sample to try. */
  readonly only: string | undefined;
}

async function inVersion(
  { version, folder, files, only }: VersionTrial,
  say: (text: string) => void,
): Promise<VersionReport> {
  const refused = files.flatMap(({ name, mapping }) =>
    problemsIn(ocsfSchema(version), mapping).map(({ path, why }) => `${name}: ${path} ${why}`),
  );
  if (refused.length > 0) {
    say(`OCSF ${version}: the mappings do not hold, so no sample was tried`);
    return { version, leftOut: 0, problems: refused };
  }
  const claiming = files.map((file) => ({ ...file, mapping: { ...file.mapping, versions: [version] } }));
  const { program, source } = await loadProgram(claiming, version);
  const samples = runSamples(folder, program).filter(
    (sample) => (only === undefined || sample.name === only) && judgeSample(sample).verdict !== 'refused',
  );
  const problems = samples.flatMap(({ name, reasons }) =>
    reasons.map(({ path, message }) => `${name}: ${path}: ${message}`),
  );
  const conform = samples.filter(({ rows }) => rows.length > 0).length;
  const verb = conform === 1 ? 'conforms' : 'conform';
  say(`OCSF ${version}: ${conform} of ${counted(samples.length, 'sample')} ${verb}`);
  for (const [mapping, paths] of source.leftOut) say(`  ${mapping} leaves out ${paths.join(', ')}`);
  return { version, leftOut: [...source.leftOut.values()].flat().length, problems };
}
