// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';

/** What an audit tool said. Its exit code means too many things at once to be believed. */
export interface ToolAnswer {
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be started, or was stopped. */
  readonly failure?: string;
}

const PATIENCE_MS = 300_000;

/** Runs an audit tool to its end; never throws. */
export function runAuditTool(
  command: string,
  args: readonly string[],
  options: { readonly folder: string; readonly signal?: AbortSignal },
): Promise<ToolAnswer> {
  return new Promise((done) => {
    // Settings of the npm that called us, such as offline, would turn "could not ask" into "nothing found".
    const environment = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^npm_config_(?:offline|prefer_offline|dry_run|json|audit)/i.test(name),
      ),
    );
    const child = spawn(command, args, {
      cwd: options.folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PATIENCE_MS,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      done({ ...said, failure: error.code === 'ENOENT' ? `${command} is not installed` : error.message });
    });
    child.on('close', (code, signal) => {
      done(code === null ? { ...said, failure: `${command} was stopped by ${signal}` } : said);
    });
  });
}
