// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfiguration, renderProblem } from '../../config/index.ts';
import { type MigratedValue, migrate } from '../../config/migrate/migrate.ts';
import { badArguments } from '../../errors/cli.ts';
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { coreStackName } from '../../infra/core-parameters.ts';
import { configurableModules, loadModules } from '../../module/load.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { type CommandContext, defineCommand, textOption } from '../command.ts';
import { table } from '../output.ts';

const NAME = 'migrate-config';
/** No configuration comes near. */
const LARGEST_BYTES = 256 * 1024;

export const command = defineCommand({
  summary: 'Carries a configuration of the former format over',
  description: `Takes the modular format (encryption.keyType, coreProcessing, integrations.azure.config.eventHubProcessor) and the one
before it (azureIntegration, lambdaFunctions). Says of every value, by its line, where it went or why it went nowhere, and
checks the new file as a synthesis would. Nothing is overwritten unless --force is given.`,
  options: {
    input: { type: 'string', value: '<file>', description: 'The old configuration' },
    output: { type: 'string', value: '<file>', description: 'The new one' },
    force: { type: 'boolean', description: 'Overwrites the new file where it exists' },
  },
  examples: [
    'npm run migrate-config -- --input config.yaml --output config-v2.yaml',
    'npm run migrate-config -- --input config.yaml --output config-v2.yaml --force --json',
  ],
  async run({ values, output, root, callerFolder }: CommandContext) {
    const [from, to] = [textOption(values, 'input'), textOption(values, 'output')];
    if (!from || !to) throw refused('name both files: --input <file> --output <file>');
    const [input, target] = [resolve(callerFolder, from), resolve(callerFolder, to)];
    if (input === target) throw refused('the new file must be another one than the old');
    if (existsSync(target) && !values.force) throw refused(`${to} exists; --force overwrites it`);
    const { text, values: migrated, findings } = migrate(read(input, from));
    if (text === undefined) {
      const [first] = findings;
      throw refused(`${from}:${first?.place.line}:${first?.place.column}: ${first?.message}`);
    }
    write(target, to, text, Boolean(values.force));

    const modules = configurableModules(await loadModules(join(root, CDK_FOLDER, 'modules')));
    const { configuration, problems } = loadConfiguration({ file: target, folder: callerFolder, modules });
    output.object({ output: to, valid: configuration !== undefined, values: migrated, problems });
    for (const line of lines(from, migrated)) output.line(line);
    output.line();
    const dropped = migrated.filter(({ to: places }) => places.length === 0).length;
    output.line(`${counted(migrated.length - dropped, 'value')} carried over, ${dropped} not; written to ${to}`);
    if (configuration) {
      const stack = coreStackName(configuration);
      output.line(
        `A deployment of the former format has the stack ${stack} too: remove that one first, or give another projectName.`,
      );
    }
    for (const problem of problems) output.line(renderProblem(problem));
    output.line(configuration ? `${to} is valid` : `${to} is not valid yet: see above`);
    return configuration ? 0 : 1;
  },
});

function refused(why: string): Failure<{ command: string; why: string }> {
  return new Failure(badArguments, { command: NAME, why });
}

function read(file: string, name: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw refused(`${name} ${found ? 'is no file' : 'does not exist'}`);
  if (found.size > LARGEST_BYTES) throw refused(`${name} is larger than ${LARGEST_BYTES} bytes`);
  return readFileSync(file, 'utf8');
}

function write(file: string, name: string, text: string, force: boolean): void {
  try {
    // Whoever made the file since it was looked for keeps it.
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    throw refused(`${name} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

function lines(file: string, values: readonly MigratedValue[]): string[] {
  const rows = values.map(({ from, line, column, to, why = '' }) => [
    `${file}:${line}:${column}`,
    from,
    to.length === 0 ? 'not carried over' : to.join(', '),
    why,
  ]);
  return table(['place', 'key', 'now', 'why'], rows);
}
