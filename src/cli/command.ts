// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ParseArgsOptionDescriptor } from 'node:util';
import type { Output } from './output.ts';

/** 0: fine; 1: findings, of which the output tells; 2: could not run. */
export type ExitCode = 0 | 1 | 2;

/** An option of a command, as `node:util` parses it, with what help says of it. */
export interface Option extends ParseArgsOptionDescriptor {
  readonly description: string;
  /** What stands for the value in help: `<file>`. */
  readonly value?: string;
}

export type OptionValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** What a command is given; it reaches for nothing global. */
export interface CommandContext {
  readonly values: OptionValues;
  /** Arguments that are no options, and everything after `--`. */
  readonly positionals: readonly string[];
  /** The arguments as they were typed, without the command's name. */
  readonly line: readonly string[];
  readonly output: Output;
  /** Root of the project. */
  readonly root: string;
  /** Folder the person is in: relative paths start there. */
  readonly callerFolder: string;
  /** Aborts on Ctrl-C and SIGTERM; whoever starts something listens to it. */
  readonly signal: AbortSignal;
}

/** One command: a file of `commands/` exports it as `command`, and the file's name is its name. */
export interface Command {
  readonly summary: string;
  /** Longer help, in paragraphs. */
  readonly description?: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** Command lines as a person would type them. */
  readonly examples: readonly string[];
  /** Hands unknown options through as positionals, for commands that pass them on. */
  readonly passThrough?: boolean;
  readonly run: (context: CommandContext) => Promise<ExitCode>;
}

export function defineCommand(command: Command): Command {
  return command;
}

/** The text of an option, undefined where it was not given. */
export function textOption(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
