// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import type { ExitCode } from './command.ts';
import { run } from './run.ts';

/** Root of the project. */
export const ROOT = resolve(import.meta.dirname, '..', '..');

interface SlakeOptions {
  /** Another root of the project, with modules of its own. */
  readonly root?: string;
  readonly callerFolder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The person has interrupted it before it began. */
  readonly aborted?: boolean;
}

/** Runs a command line in this process, without a terminal, and returns what it printed. */
export async function slake(
  line: readonly string[],
  { root = ROOT, callerFolder = root, environment = {}, aborted = false }: SlakeOptions = {},
): Promise<{ readonly code: ExitCode; readonly stdout: string; readonly stderr: string }> {
  const output = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof output) =>
    new Writable({
      write(chunk, _, done) {
        output[name] += String(chunk);
        done();
      },
    });
  const code = await run(line, {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    environment,
    root,
    callerFolder,
    signal: aborted ? AbortSignal.abort() : new AbortController().signal,
  });
  return { code, ...output };
}
