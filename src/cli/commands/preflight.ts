// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { badArguments } from '../../errors/cli.ts';
import { Failure } from '../../errors/failure.ts';
import { readDeployment } from '../../infra/deployment.ts';
import {
  type Ask,
  findingOf,
  type ItemResult,
  type PreflightItem,
  preflight,
  preflightItems,
  preflightRules,
  readAnswer,
  stateWords,
} from '../../operate/preflight/index.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { capture } from '../../scan/capture.ts';
import { type CommandContext, defineCommand, textOption } from '../command.ts';
import { findingOptions, printFindings } from '../findings.ts';

const NAME = 'preflight';

export const command = defineCommand({
  summary: 'Goes through the pre-deployment checklist, with evidence for each item',
  description: `Configuration, account, secrets, lake bucket, IAM, security scan and audit, documentation, modules, tests. Evidence is
what the other commands and AWS answer; what could not be asked is not checked, with the reason. Secrets are looked at,
never read. With a loopback AWS_ENDPOINT_URL the embedded AWS is asked. All tests take minutes: --skip tests leaves them out.`,
  options: {
    config: { type: 'string', value: '<file>', description: 'The configuration that is to be deployed' },
    skip: { type: 'string', value: '<items>', description: `Some of ${Object.keys(preflightItems).join(',')}` },
    ...findingOptions,
  },
  examples: [
    'npm run preflight -- --config config.prod.yaml',
    'npm run preflight -- --config config.dev.yaml --skip tests',
    'npm run preflight -- --config config.prod.yaml --strict --json',
  ],
  async run(context) {
    const { values, output, root, callerFolder } = context;
    const given = textOption(values, 'config') ?? context.positionals[0];
    if (!given) throw new Failure(badArguments, { command: NAME, why: 'name the file: --config <file>' });
    const cdk = join(root, CDK_FOLDER);
    const file = [callerFolder, cdk].map((folder) => resolve(folder, given)).find(existsSync);
    const items = await preflight({
      read: () =>
        readDeployment({ configFile: file ?? given, folders: [callerFolder], modulesFolder: join(cdk, 'modules') }),
      file: file ?? resolve(callerFolder, given),
      ask: askOf(context),
      leftOut: leftOutOf(textOption(values, 'skip')),
      stage: output.stage,
    });
    const findings = items.map(findingOf).filter((finding) => finding !== undefined);
    return printFindings(
      context,
      { tool: NAME, rules: preflightRules, findings },
      { json: { config: given, items }, lines: [...lines(items, context), ''] },
    );
  },
});

function leftOutOf(text: string | undefined): PreflightItem[] {
  const names = (text ?? '').split(',').filter((name) => name !== '');
  const isItem = (name: string): name is PreflightItem => Object.hasOwn(preflightItems, name);
  const unknown = names.find((name) => !isItem(name));
  if (unknown === undefined) return names.filter(isItem);
  const known = Object.keys(preflightItems).join(', ');
  throw new Failure(badArguments, { command: NAME, why: `--skip takes some of ${known} (is ${unknown})` });
}

function lines(items: readonly ItemResult[], { output: { style } }: CommandContext): string[] {
  const width = Math.max(...Object.values(stateWords).map((word) => word.length));
  const paint = { ok: style.green, failed: style.red, 'not-checked': style.yellow };
  return items.flatMap(({ state, title, evidence }) => [
    `${paint[state](stateWords[state].padEnd(width))}  ${style.bold(title)}`,
    ...evidence.map((text) => `${' '.repeat(width)}  ${style.dim(text)}`),
  ]);
}

/** Asks a command in a process of its own, as a person would. */
function askOf({ root, callerFolder, signal }: CommandContext): Ask {
  const program = join(root, 'src', 'cli', 'main.ts');
  const environment = { ...process.env, INIT_CWD: callerFolder };
  return async (command, ...args) => {
    const line = [program, command, ...args, '--json'];
    const { code, failure, stdout } = await capture(process.execPath, line, {
      folder: callerFolder,
      environment,
      signal,
    });
    return failure === undefined ? readAnswer(command, code ?? null, stdout) : { notRun: `${command}: ${failure}` };
  };
}
