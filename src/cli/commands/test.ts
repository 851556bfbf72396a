// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../errors/counted.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { runTool } from '../tool.ts';

interface Suite {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
}

export const command = defineCommand({
  summary: 'Runs all checks and tests: types, style, TypeScript, Python, every processor with its coverage',
  description: 'Names after -- are handed to vitest alone: only TypeScript tests whose path contains one of them run.',
  options: { quick: { type: 'boolean', description: 'Leaves out the tests that deploy to the embedded AWS' } },
  examples: ['npm test', 'npm test -- --quick', 'npm test -- src/ocsf'],
  async run(context) {
    const chosen = context.positionals.length > 0 ? [vitest(context)] : suites(context);
    const results: { readonly title: string; readonly passed: boolean }[] = [];
    for (const { title, command: tool, args, folder } of chosen) {
      if (context.signal.aborted) return 2;
      const code = await context.output.stage(title, () =>
        runTool(context, tool, args, {
          folder,
          aside: context.output.json,
          environment: context.values.quick ? { SLAKE_QUICK: '1' } : {},
        }),
      );
      results.push({ title, passed: code === 0 });
    }
    const failed = results.filter(({ passed }) => !passed);
    context.output.object({ suites: results });
    context.output.line();
    for (const { title } of failed) context.output.line(context.output.style.red(`failed: ${title}`));
    if (failed.length === 0)
      context.output.line(context.output.style.green(`${counted(chosen.length, 'suite')} passed`));
    return failed.length === 0 ? 0 : 1;
  },
});

function vitest({ root, positionals }: CommandContext): Suite {
  const args = ['vitest', 'run', ...(positionals.length > 0 ? positionals : ['--coverage'])];
  return { title: 'TypeScript tests', command: 'npx', args: ['--no-install', ...args], folder: root };
}

function suites(context: CommandContext): readonly Suite[] {
  const { root } = context;
  const npx = (title: string, ...args: string[]): Suite => ({
    title,
    command: 'npx',
    args: ['--no-install', ...args],
    folder: root,
  });
  return [
    npx('Types', 'tsc', '-p', 'tsconfig.json'),
    npx('TypeScript style', 'biome', 'check', '--error-on-warnings'),
    { title: 'Python style', command: 'ruff', args: ['check', '.'], folder: root },
    { title: 'Python format', command: 'ruff', args: ['format', '--check', '.'], folder: root },
    { title: 'Collector tests', command: 'pytest', args: ['-q', 'collector'], folder: root },
    ...processors(root).map((folder): Suite => {
      const name = folder.slice(join(root, CDK_FOLDER, 'modules').length + 1);
      const args = ['test_lambda.py', '-q', '--cov=.', '--cov-report=term-missing:skip-covered', '--cov-fail-under=80'];
      return { title: `Processor tests of ${name}`, command: 'pytest', args, folder };
    }),
    vitest(context),
  ];
}

/** Folders of all Python processors: those that hold a test_lambda.py. */
function processors(root: string): string[] {
  const modules = join(root, CDK_FOLDER, 'modules');
  return readdirSync(modules, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('/test_lambda.py') && !file.includes('node_modules'))
    .map((file) => join(modules, file, '..'))
    .toSorted();
}
