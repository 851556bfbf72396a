// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { join, relative, resolve } from 'node:path';
import { badArguments } from '../../errors/cli.ts';
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { journeyConfiguration } from '../../local/journey/configuration.ts';
import { type JourneyReport, runJourney } from '../../local/journey/journey.ts';
import { loadModules, requireModules } from '../../module/load.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { type CommandContext, defineCommand, textOption } from '../command.ts';
import { grouped, type Output, table } from '../output.ts';

const EVENTS = 2_000;

export const command = defineCommand({
  summary: 'Takes events from a source to the lake on this machine, and shows what arrived',
  description: `Starts an embedded AWS, deploys the core stack and a module's stack to it with the CDK, puts events into a
source that speaks the vendor's protocol, runs the deployed functions, and reads the lake back with SQL.
Needs no AWS account and no Docker; listens on 127.0.0.1 only; stops everything it started.`,
  options: {
    module: { type: 'string', value: '<id>', default: 'azure', description: 'Module to run (default: azure)' },
    events: { type: 'string', value: '<n>', description: `Events to send, 1 to 1000000 (default: ${EVENTS})` },
    config: {
      type: 'string',
      value: '<file>',
      description: 'Configuration (default: config.test.yaml of the app, with this module alone)',
    },
    keep: { type: 'boolean', description: 'Leaves all of it running until Ctrl-C, and prints how to reach it' },
  },
  examples: ['npm start', 'npm start -- --events 50000', 'npm start -- --keep', 'npm start -- --json'],
  async run(context) {
    const { values, output, root, callerFolder, signal } = context;
    const events = eventCount(textOption(values, 'events'));
    const modulesFolder = join(root, CDK_FOLDER, 'modules');
    const stateFolder = join(root, '.slake', 'start');
    const loaded = await loadModules(modulesFolder);
    const [module] = requireModules(loaded, [textOption(values, 'module') ?? 'azure'], modulesFolder);
    if (!module) throw new Error('requireModules returns a module for each id');
    const given = textOption(values, 'config');
    const journeyOptions = journeyConfiguration({
      ...{ root, stateFolder, loaded, module, folder: callerFolder },
      given: given && resolve(callerFolder, given),
    });

    const journey = await runJourney({
      root,
      stateFolder,
      ...journeyOptions,
      module,
      events,
      stage: output.stage,
      signal,
    });
    try {
      print(output, journey.report, context);
      if (values.keep) await keep(context, journey.cloud.environment);
    } finally {
      await journey.stop();
    }
    return 0;
  },
});

function eventCount(text: string | undefined): number {
  if (text === undefined) return EVENTS;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1_000_000) return count;
  throw new Failure(badArguments, {
    command: 'start',
    why: `--events takes a whole number from 1 to 1000000 (is ${text})`,
  });
}

async function keep({ output, signal }: CommandContext, environment: Readonly<Record<string, string>>): Promise<void> {
  output.line();
  output.line('It is still running. The AWS CLI reaches it with these lines:');
  output.line();
  for (const [name, value] of Object.entries(environment)) output.line(`export ${name}=${value}`);
  output.line();
  output.line('Ctrl-C stops it.');
  await new Promise<void>((done) => {
    // The timer keeps the process alive; an abort signal alone does not.
    const timer = setInterval(() => {}, 60_000);
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      done();
    });
  });
}

function print(output: Output, report: JourneyReport, { root, callerFolder }: CommandContext): void {
  const { style } = output;
  const lakeFolder = relative(callerFolder, report.lakeFolder) || '.';
  output.object({ ...report, stages: output.stages });
  output.line();
  output.line(style.bold('What arrived'));
  const rows = report.sources.reduce((sum, each) => sum + each.rows, 0);
  const arrived = report.sources.reduce((sum, each) => sum + each.events, 0);
  output.line(
    `  events sent       ${grouped(report.sent)}, of which ${counted(report.badOnPurpose, 'is', 'are')} bad on purpose`,
  );
  output.line(`  raw objects       ${grouped(report.rawObjects)}, ${counted(report.rawBytes, 'byte')}`);
  output.line(`  events in lake    ${grouped(arrived)} as ${counted(rows, 'row')}`);
  output.line(`  events rejected   ${grouped(report.rejected)}`);
  output.line();
  const content = report.sources.map((each) => [
    each.source,
    `${each.className} (${each.classUid})`,
    each.rows,
    each.objects,
    each.bytes,
    each.firstTime,
    each.lastTime,
  ]);
  const head = ['lake source', 'OCSF class', 'rows', 'objects', 'bytes', 'first event', 'last event'];
  for (const line of table(head, content)) output.line(`  ${line}`);
  output.line();
  output.line(style.bold('Rejected, with their reasons'));
  const reasons = report.reasons.map(({ reason, message, events }) => [reason, events, message]);
  for (const line of table(['stage:code', 'events', 'first reason'], reasons)) output.line(`  ${line}`);
  output.line();
  output.line(style.bold('One row of the lake'));
  for (const line of exampleLines(report.example)) output.line(`  ${line}`);
  output.line();
  output.line(style.bold('Time'));
  const stages = output.stages.map(({ title, milliseconds }) => [title, `${(milliseconds / 1000).toFixed(1)} s`]);
  for (const line of table(['stage', 'elapsed'], stages)) output.line(`  ${line}`);
  output.line();
  output.line(`The lake is in ${lakeFolder}: Parquet below ext/, refused events below rejected/.`);
  const log = relative(callerFolder, join(root, '.slake', 'start', 'embedded-aws.log'));
  output.line(style.dim(`The log of the embedded AWS is ${log}.`));
}

const LONGEST_VALUE = 100;

/** The attributes of a row that hold something, nested ones by path; long texts are cut. */
function exampleLines(row: Record<string, unknown> | undefined): string[] {
  const lines: string[] = [];
  walk(row, '');
  return lines;

  function walk(value: unknown, path: string): void {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        walk(item, `${path}[${index}]`);
      });
    } else if (typeof value === 'object') {
      for (const [key, part] of Object.entries(value)) walk(part, path === '' ? key : `${path}.${key}`);
    } else {
      const text = String(value);
      lines.push(`${path} = ${text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text}`);
    }
  }
}
