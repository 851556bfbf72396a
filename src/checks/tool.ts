// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Captured, capture } from '../scan/capture.ts';
import type { Subject } from './subject.ts';

const LONGEST_SECONDS = 300;
const MOST_OUTPUT = 1024 * 1024;

/**
 * Runs a tool on a module without credentials and without a person's settings: only PATH and locale are handed on.
 * Its exit code is absent where it was stopped for taking too long. Throws where it cannot be started, or somebody else
 * stopped it.
 */
export async function runQuietly(
  { signal }: Pick<Subject, 'signal'>,
  command: string,
  args: readonly string[],
  options: {
    readonly folder: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly seconds?: number;
  },
): Promise<Captured> {
  const { folder, environment, seconds = LONGEST_SECONDS } = options;
  const captured = await capture(command, args, {
    folder,
    signal,
    seconds,
    // The code of a module may do anything with a signal that it can take.
    stopWith: 'SIGKILL',
    mostOutput: MOST_OUTPUT,
    environment: {
      PATH: process.env.PATH ?? '',
      LANG: process.env.LANG ?? 'C.UTF-8',
      HOME: process.env.HOME ?? '',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nonexistent/config',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
      ...environment,
    },
  });
  if (captured.failure !== undefined && !captured.isLate) throw new Error(captured.failure);
  return captured;
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
