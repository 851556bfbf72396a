// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { nearest } from '../config/nearest.ts';

interface CdkOption {
  readonly type: 'string' | 'boolean' | 'array' | 'number' | 'count';
  readonly alias?: string | readonly string[];
  readonly negativeAlias?: string;
}

/** The part of the CDK's own description of its command line that is read here. */
interface CdkRegistry {
  readonly globalOptions: Readonly<Record<string, CdkOption>>;
  readonly commands: Readonly<
    Record<
      string,
      {
        readonly options?: Readonly<Record<string, CdkOption>>;
        readonly arg?: { readonly name: string; readonly variadic: boolean };
        readonly aliases?: readonly string[];
      }
    >
  >;
}

/** Commands that act on stacks, of which all are meant where none is named. */
const ON_ALL_STACKS = new Set(['deploy', 'diff', 'destroy']);

/**
 * Turns a command line of ours into one for the CDK: options it does not know are refused (the CDK ignores them),
 * `--stack` names a stack, a relative configFile is one of the caller's folder, or else of the app's.
 * `why` says what is wrong, for people.
 */
export function cdkArguments(
  line: readonly string[],
  callerFolder: string,
  appFolder: string,
  registry: CdkRegistry = loadRegistry(),
): { readonly args: readonly string[] } | { readonly why: string } {
  const commandName = line.find((word) => !word.startsWith('-'));
  if (commandName === undefined) return { args: line };
  const command = registry.commands[commandName];
  if (!command) {
    const near = nearest(commandName, Object.keys(registry.commands));
    return { why: `the CDK has no command "${commandName}"${near ? `; did you mean "${near}"?` : ''}` };
  }
  const known = optionsByFlag({ ...registry.globalOptions, ...command.options });
  const args: string[] = [];
  const stacks: string[] = [];
  for (let at = 0; at < line.length; at += 1) {
    const word = line[at] as string;
    if (!word.startsWith('-') || word === '--') {
      if (word !== commandName || args.includes(commandName)) stacks.push(word);
      args.push(word);
      continue;
    }
    const [flag = '', inline] = split(word);
    if (flag === '--previous-version') return { why: previousVersion };
    if (flag === '--stack') {
      if (inline === undefined) at += 1;
      const stack = inline ?? line[at];
      if (!stack) return { why: '--stack needs the name of a stack' };
      stacks.push(stack);
      args.push(stack);
      continue;
    }
    const option = known.get(flag);
    if (!option) {
      const near = nearest(flag, [...known.keys()]);
      return { why: `"cdk ${commandName}" has no option ${flag}${near ? `; did you mean ${near}?` : ''}` };
    }
    const takesValue = option.type === 'string' || option.type === 'array' || option.type === 'number';
    if (takesValue && inline === undefined) at += 1;
    const value = inline ?? (takesValue ? line[at] : undefined);
    if (takesValue && value === undefined) return { why: `${flag} needs a value` };
    args.push(flag);
    if (value !== undefined)
      args.push(flag === '-c' || flag === '--context' ? context(value, callerFolder, appFolder) : value);
  }
  const all = ON_ALL_STACKS.has(commandName) && stacks.length === 0 && !args.includes('--all');
  return { args: all ? [...args, '--all'] : args };
}

const previousVersion =
  'the CDK has no --previous-version and would deploy the present code; stored releases are not part of this version. ' +
  'Check out the release to go back to and run "cdk deploy" from there';

function context(pair: string, callerFolder: string, appFolder: string): string {
  const [, file] = pair.match(/^configFile=(.+)$/) ?? [];
  if (file === undefined || isAbsolute(file)) return pair;
  const own = resolve(callerFolder, file);
  return `configFile=${existsSync(own) ? own : join(appFolder, file)}`;
}

/** `--flag=value` taken apart; `-c` and others of one letter have their value behind them. */
function split(word: string): [string, string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function optionsByFlag(options: Readonly<Record<string, CdkOption>>): Map<string, CdkOption> {
  const flags = new Map<string, CdkOption>([
    ['--help', { type: 'boolean' }],
    ['-h', { type: 'boolean' }],
    ['--version', { type: 'boolean' }],
  ]);
  for (const [name, option] of Object.entries(options)) {
    const aliases = [option.alias ?? [], option.negativeAlias ?? []].flat();
    for (const alias of [name, ...aliases]) flags.set(alias.length === 1 ? `-${alias}` : `--${alias}`, option);
    if (option.type === 'boolean') flags.set(`--no-${name}`, option);
  }
  return flags;
}

/** The CDK does not export the file by name, so it is read from the package's folder. */
function loadRegistry(): CdkRegistry {
  const folder = dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json'));
  return JSON.parse(readFileSync(join(folder, 'lib', 'cli', 'cli-type-registry.json'), 'utf8')) as CdkRegistry;
}
