// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';

/** What a process said, and how it ended. */
export interface Captured {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; absent where it did not end by itself. */
  readonly code?: number;
  /** Why it has no exit code: `npm is not installed`, `npm took longer than 300 seconds`, `npm was stopped by SIGTERM`. */
  readonly failure?: string;
  /** Whether it was stopped for taking too long. */
  readonly isLate: boolean;
}

export interface CaptureOptions {
  readonly folder: string;
  /** Instead of the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Stops the process. */
  readonly signal?: AbortSignal;
  /** How long it may take; without an end where absent. */
  readonly seconds?: number;
  /** How it is stopped; SIGTERM lets it end what it started. */
  readonly stopWith?: 'SIGTERM' | 'SIGKILL';
  /** Characters of each output that are kept, about. */
  readonly mostOutput?: number;
}

/** Runs a process without input and without a shell, and keeps what it says; never throws. */
export function capture(command: string, args: readonly string[], options: CaptureOptions): Promise<Captured> {
  const { folder, environment, signal, seconds, stopWith = 'SIGTERM', mostOutput = 1 << 28 } = options;
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: environment ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (said[name].length < mostOutput) said[name] += text;
      });
    }
    let isLate = false;
    const stop = () => child.kill(stopWith);
    const late = () => {
      isLate = true;
      stop();
    };
    const timer = seconds === undefined ? undefined : setTimeout(late, seconds * 1000);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    const end = (how: { readonly code: number } | { readonly failure: string }) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      done({ ...said, ...how, isLate });
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      end({ failure: error.code === 'ENOENT' ? `${command} is not installed` : error.message });
    });
    child.on('close', (code, by) => {
      if (isLate) end({ failure: `${command} took longer than ${seconds} seconds` });
      else end(code === null ? { failure: `${command} was stopped by ${by}` } : { code });
    });
  });
}
