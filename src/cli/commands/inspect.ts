// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';
import { badArguments } from '../../errors/cli.ts';
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { lakeSourcesOf } from '../../infra/app.ts';
import { type LoadedModule, loadModules } from '../../module/load.ts';
import {
  createInspector,
  type Inspection,
  inspectionRules,
  type SourceHint,
  sourcesOf,
} from '../../operate/inspect/index.ts';
import { objectsAt } from '../../operate/inspect/objects.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { defineCommand, textOption } from '../command.ts';
import { findingOptions, printFindings } from '../findings.ts';
import { table } from '../output.ts';

export const command = defineCommand({
  summary: 'Says whether Parquet objects conform to the rules of Security Lake',
  description: `Looks at any Parquet file, whoever wrote it: format, page and row group sizes, compression, lists, order by time,
partition against content, columns against the source, and every row against its OCSF class. Files are read by readers
that share no code with the writer (hyparquet for footer and pages, DuckDB for rows). What the path does not tell is said
to be not checked. The source is the folder below ext/, or what --source or --module names; leave them out for objects of
another writer.
On AWS the usual credentials count; AWS_ENDPOINT_URL names another endpoint, such as that of the embedded AWS.
Exit code 1: an object does not conform. LAKE_RULES.md in the docs explains every rule.`,
  options: {
    source: { type: 'string', value: '<name>', description: 'The lake source of a module here the objects belong to' },
    module: {
      type: 'string',
      value: '<id>',
      description: 'The module that wrote them; the class of the rows does the rest',
    },
    ...findingOptions,
  },
  examples: [
    'npm run inspect -- .slake/start/lake',
    'npm run inspect -- events.parquet --module azure',
    'npm run inspect -- s3://aws-security-data-lake-us-east-1-example/ext/azure-2004/',
    'npm run inspect -- lake --strict --format github',
  ],
  async run(context) {
    const { positionals, output, root, callerFolder, signal, values } = context;
    if (positionals.length === 0)
      throw new Failure(badArguments, { command: 'inspect', why: 'name a file, a folder or s3://bucket/prefix' });
    const { modules } = await loadModules(join(root, CDK_FOLDER, 'modules'));
    const hint = { source: textOption(values, 'source'), moduleId: textOption(values, 'module') };
    checkHint(hint, modules);
    const found = (await Promise.all(positionals.map((target) => objectsAt(target, callerFolder)))).flat();
    const inspector = createInspector(sourcesOf(modules), hint);
    const inspections: Inspection[] = [];
    try {
      await output.stage('Inspect', async (say) => {
        for (const object of found) {
          signal.throwIfAborted();
          await object.withFile(async (file) => {
            inspections.push(await inspector.inspect({ name: object.name, ...file }));
          });
          say(`${inspections.length} of ${counted(found.length, 'object')}`);
        }
      });
    } finally {
      inspector.close();
    }
    const findings = inspections.flatMap((inspection) => inspection.findings);
    return printFindings(
      context,
      { tool: 'inspect', rules: inspectionRules, findings },
      { json: { objects: inspections }, lines: summary(inspections) },
    );
  },
});

/** Nothing could be compared with a source or module that is not here: what was asked for would not be done. */
function checkHint({ source, moduleId }: SourceHint, modules: readonly LoadedModule[]): void {
  const ids = modules.map(({ id }) => id);
  if (moduleId !== undefined && !ids.includes(moduleId)) {
    const why = `there is no module ${moduleId} (there are ${ids.join(', ')})`;
    throw new Failure(badArguments, { command: 'inspect', why });
  }
  const names = lakeSourcesOf(modules).map(({ name }) => name);
  if (source !== undefined && !names.includes(source)) {
    const why = `no module here has a lake source ${source} (there are ${names.join(', ')})`;
    throw new Failure(badArguments, { command: 'inspect', why });
  }
}

function summary(inspections: readonly Inspection[]): string[] {
  const answers = inspections.map(({ findings, rows }) => {
    if (findings.some(({ level }) => level === 'error')) return 'no';
    return rows === undefined ? 'not checked' : 'yes';
  });
  const rows = inspections.map((inspection, at) => {
    const { name, rows: count = 0, rowGroups = 0, largestPage = 0, bytes, codecs = [], createdBy = '' } = inspection;
    const writer = createdBy.replace(/ \(.*/, '').slice(0, 30);
    return [answers[at] ?? '', count, rowGroups, largestPage, bytes, codecs.join(', '), writer, name];
  });
  const head = ['conforms', 'rows', 'row groups', 'largest page', 'bytes', 'codec', 'written by', 'object'];
  const count = inspections.length;
  const fine = answers.filter((answer) => answer === 'yes').length;
  return [...table(head, rows), '', `${fine} of ${counted(count, 'object')} ${fine === 1 ? 'conforms' : 'conform'}`];
}
