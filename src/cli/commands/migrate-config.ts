// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfiguration, renderProblem } from '../../config/index.ts';
import { migrate } from '../../config/migrate/migrate.ts';
import { badArguments } from '../../errors/cli.ts';
import { Failure } from '../../errors/failure.ts';
import { configurableModules, loadModules } from '../../module/load.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { defineCommand, textOption } from '../command.ts';
import { table } from '../output.ts';

export const command = defineCommand({
  summary: 'Carries a configuration of the former format over',
  description: `Says of every value where it went or why it went nowhere, and checks the new file. Takes the modular format
(integrations:) and the one before it (azureIntegration:, lambdaFunctions:). Overwrites nothing unless --force is given.`,
  options: {
    input: { type: 'string', value: '<file>', description: 'The old configuration' },
    output: { type: 'string', value: '<file>', description: 'The new one' },
    force: { type: 'boolean', description: 'Overwrites the new file where it exists' },
  },
  examples: ['npm run migrate-config -- --input config.yaml --output config-v2.yaml'],
  async run({ values, output, root, callerFolder }) {
    const [from, to] = [textOption(values, 'input'), textOption(values, 'output')];
    const refuse = (why: string) => new Failure(badArguments, { command: 'migrate-config', why });
    if (!from || !to) throw refuse('name both files: --input <file> --output <file>');
    const [input, target] = [resolve(callerFolder, from), resolve(callerFolder, to)];
    if (!existsSync(input)) throw refuse(`${from} does not exist`);
    if (input === target) throw refuse('the new file must be another one than the old');
    if (existsSync(target) && !values.force) throw refuse(`${to} exists; --force overwrites it`);

    const { text, values: migrated, unreadable } = migrate(readFileSync(input, 'utf8'));
    if (text === undefined || unreadable) {
      throw refuse(`${from}:${unreadable?.line}:${unreadable?.column}: ${unreadable?.message}`);
    }
    writeFileSync(target, text);
    const modules = configurableModules(await loadModules(join(root, CDK_FOLDER, 'modules')));
    const { problems } = loadConfiguration({ file: target, folder: callerFolder, modules });
    const dropped = migrated.filter(({ to: places }) => places.length === 0);
    output.object({ output: to, values: migrated, problems });
    const rows = migrated.map(({ from: key, line, column, to: places, why = '' }) => [
      `${from}:${line}:${column}`,
      key,
      places.length === 0 ? 'not carried over' : places.join(', '),
      why,
    ]);
    for (const line of table(['place', 'key', 'now', 'why'], rows)) output.line(line);
    output.line();
    output.line(`${migrated.length - dropped.length} values carried over, ${dropped.length} not; written to ${to}`);
    for (const problem of problems) output.line(renderProblem(problem));
    if (problems.length === 0) output.line(`${to} is valid`);
    return problems.some(({ level }) => level === 'error') ? 1 : 0;
  },
});
