// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { nearest } from '../config/nearest.ts';
import { badArguments, interrupted, unknownCommand } from '../errors/cli.ts';
import { Failure } from '../errors/failure.ts';
import type { Command, ExitCode, Option } from './command.ts';
import { createOutput } from './output.ts';

/** Where a command line runs; tests give their own. */
export interface Surroundings {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly root: string;
  readonly callerFolder: string;
  readonly signal: AbortSignal;
}

const COMMON: Readonly<Record<string, Option>> = {
  help: { type: 'boolean', short: 'h', description: 'Shows this help' },
  json: { type: 'boolean', description: 'Prints the result as JSON, and nothing else, to standard output' },
};

/** Names of all commands: the files of `commands/`. */
export function commandNames(): readonly string[] {
  return readdirSync(new URL('commands/', import.meta.url))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted();
}

/** Runs one command line and returns its exit code; prints failures and never throws. */
export async function run(line: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, stderr } = surroundings;
  const json = line.slice(0, line.includes('--') ? line.indexOf('--') : undefined).includes('--json');
  try {
    const [name, ...rest] = line;
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      stdout.write(await overview());
      return 0;
    }
    const command = await loadCommand(name);
    const { values, positionals } = parse(name, command, rest);
    if (values.help && !(command.passThrough && positionals.length > 0)) {
      stdout.write(help(command));
      return 0;
    }
    const output = createOutput({ ...surroundings, json: Boolean(values.json) });
    return await command.run({ ...surroundings, values, positionals, line: rest, output });
  } catch (error) {
    const told = surroundings.signal.aborted ? new Failure(interrupted, {}, { cause: error }) : error;
    if (json) stdout.write(`${JSON.stringify({ error: asJson(told) }, null, 2)}\n`);
    else stderr.write(explain(told));
    return 2;
  }
}

async function loadCommand(name: string): Promise<Command> {
  const file = new URL(`commands/${name}.ts`, import.meta.url);
  if (!/^[a-z][a-z-]*$/.test(name) || !existsSync(file)) {
    throw new Failure(unknownCommand, { name, nearest: nearest(name, commandNames()) });
  }
  const loaded = (await import(file.href)) as { command: Command };
  return loaded.command;
}

function parse(name: string, command: Command, args: readonly string[]) {
  const options = { ...COMMON, ...command.options };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: !command.passThrough });
  } catch (error) {
    throw new Failure(badArguments, { command: name, why: (error as Error).message });
  }
}

async function overview(): Promise<string> {
  const names = commandNames();
  const width = Math.max(...names.map((name) => name.length));
  const lines = await Promise.all(
    names.map(async (name) => `  ${name.padEnd(width)}  ${(await loadCommand(name)).summary}`),
  );
  return `Slake brings the security events of other clouds and services into Amazon Security Lake.

  npm run <command> -- [options]      or, after ". ./activate":  slake <command> [options]

${lines.join('\n')}

Every command answers --help with its options and examples.
`;
}

function help(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON }).map(([option, { short, value, description }]) => {
    const dashed = `${short ? `-${short}, ` : ''}--${option}${value ? ` ${value}` : ''}`;
    return `  ${dashed.padEnd(28)}  ${description}`;
  });
  const description = command.description ? `\n${command.description}\n` : '';
  return `${command.summary}\n${description}\nOptions\n${options.join('\n')}\n\nExamples\n${command.examples
    .map((example) => `  ${example}`)
    .join('\n')}\n`;
}

/** Three lines for what a person can mend; a stack for what is our fault. */
function explain(error: unknown): string {
  if (error instanceof Failure && error.blame !== 'bug') {
    return `slake: ${error.message}\n  ${error.hint}\n  ${error.code}: ${error.entry.title}\n`;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `slake: something failed that should not: please report it with the lines below\n${stack}\n`;
}

function asJson(error: unknown): unknown {
  if (!(error instanceof Failure)) return { code: 'SLK-BUG', message: String(error) };
  const { code, blame, message, hint } = error;
  return { code, blame, message, hint };
}
