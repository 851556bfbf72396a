// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { toolFailed } from '../errors/cli.ts';
import { Failure } from '../errors/failure.ts';
import type { CommandContext } from './command.ts';

/**
 * Runs a tool with the terminal as its own and returns its exit code. An interruption is passed on to it.
 * Throws SLK-CLI-003 where it cannot be started.
 */
export function runTool(
  context: Pick<CommandContext, 'signal'>,
  command: string,
  args: readonly string[],
  options: {
    readonly folder: string;
    readonly environment?: Readonly<Record<string, string>>;
    /** Its standard output goes to ours of errors, which a result on standard output must not mix with. */
    readonly aside?: boolean;
  },
): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: options.folder,
      stdio: ['inherit', options.aside ? 2 : 'inherit', 'inherit'],
      env: { ...process.env, ...options.environment },
    });
    const stop = () => child.kill('SIGTERM');
    context.signal.addEventListener('abort', stop, { once: true });
    child.on('error', (error) =>
      fail(new Failure(toolFailed, { tool: command, why: error.message }, { cause: error })),
    );
    child.on('exit', (code) => {
      context.signal.removeEventListener('abort', stop);
      done(code ?? 2);
    });
  });
}
