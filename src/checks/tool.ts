// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Subject } from './subject.ts';

/** What a tool said. */
export interface ToolResult {
  /** Absent where it was stopped for taking too long. */
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

const LONGEST_SECONDS = 300;
const MOST_OUTPUT = 1024 * 1024;

/**
 * Runs a tool on a module without credentials and without a person's settings: only PATH and locale are handed on.
 * Ends with the subject's signal; throws only where the tool cannot be started.
 */
export function runQuietly(
  subject: Pick<Subject, 'signal'>,
  command: string,
  args: readonly string[],
  options: {
    readonly folder: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly seconds?: number;
  },
): Promise<ToolResult> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: options.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        LANG: process.env.LANG ?? 'C.UTF-8',
        HOME: process.env.HOME ?? '',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_CONFIG_FILE: '/nonexistent/config',
        AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
        ...options.environment,
      },
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (output[name].length < MOST_OUTPUT) output[name] += text;
      });
    }
    let tooLong = false;
    const end = () => child.kill('SIGKILL');
    const timer = setTimeout(
      () => {
        tooLong = true;
        end();
      },
      (options.seconds ?? LONGEST_SECONDS) * 1000,
    );
    subject.signal.addEventListener('abort', end, { once: true });
    child.on('error', fail);
    child.on('close', (code) => {
      clearTimeout(timer);
      subject.signal.removeEventListener('abort', end);
      done({ ...output, ...(tooLong ? {} : { code: code ?? 1 }) });
    });
  });
}

/** Path of a script that stands in `python/` beside the checks. */
export function pythonScript(name: string): string {
  return join(fileURLToPath(new URL('python/', import.meta.url)), name);
}

/** The last lines of an output that say something, for a message. */
export function endOf(output: string, lines = 6): string {
  return output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-lines)
    .join('\n');
}
