// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfiguration, namedPackages, renderProblem } from '../../config/index.ts';
import { type MigratedValue, migrateFile } from '../../config/migrate/migrate.ts';
import { badArguments } from '../../errors/cli.ts';
import { parameterUnread } from '../../errors/config.ts';
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { coreStackName } from '../../infra/core-parameters.ts';
import { allProblems } from '../../infra/deployment-rules.ts';
import { configurableModules, loadModules } from '../../module/load.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { type CommandContext, defineCommand, textOption } from '../command.ts';
import { table } from '../output.ts';

const NAME = 'migrate-config';

export const command = defineCommand({
  summary: 'Carries a configuration of the former format over',
  description: `Takes the modular format (encryption.keyType, coreProcessing, integrations.azure.config.eventHubProcessor) and the one
before it (azureIntegration, lambdaFunctions). Says of every value, by its line, where it went or why it went nowhere, and
checks the new file as a synthesis would. Keys that the present format has too stay as they are; a file with no others is
checked, and nothing is written. Nothing is overwritten unless --force is given.`,
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
    const target = resolve(callerFolder, to);
    if (target === resolve(callerFolder, from)) throw refused('the new file must be another one than the old');
    if (existsSync(target) && !values.force) throw refused(`${to} exists; --force overwrites it`);
    const all = await loadModules(
      join(root, CDK_FOLDER, 'modules'),
      namedPackages({ file: from, folder: callerFolder }),
    );
    const modules = configurableModules(all);
    const { isFormer, text, values: migrated } = migrateFile({ file: from, folder: callerFolder, modules });
    if (isFormer) write(target, to, text, Boolean(values.force));

    const file = isFormer ? to : from;
    const loaded = loadConfiguration({ file, folder: callerFolder, modules });
    const problems = allProblems(loaded, all);
    // Parameter Store is asked by those who deploy.
    const isValid = !problems.some(({ level, code }) => level === 'error' && code !== parameterUnread.code);
    output.object({ output: isFormer ? to : undefined, valid: isValid, values: migrated, problems });
    if (isFormer) {
      for (const line of lines(from, migrated)) output.line(line);
      output.line();
    }
    const dropped = migrated.filter(({ to: places }) => places.length === 0).length;
    const kept = `${counted(migrated.length - dropped, 'value')} carried over, ${dropped} not; written to ${to}`;
    output.line(isFormer ? kept : `${from} holds no key of the former format: there is nothing to carry over`);
    const { configuration } = loaded;
    if (isFormer && configuration) {
      const stack = coreStackName(configuration);
      output.line(
        `A deployment of the former format has the stack ${stack} too: remove that one first, or give another projectName.`,
      );
    }
    for (const problem of problems) output.line(renderProblem(problem));
    output.line(isValid ? `${file} is valid` : `${file} is not valid yet: see above`);
    return isValid ? 0 : 1;
  },
});

function refused(why: string): Failure<{ command: string; why: string }> {
  return new Failure(badArguments, { command: NAME, why });
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
