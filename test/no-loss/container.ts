// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What became of an invocation, as the Lambda service would tell it. */
export type Invocation =
  | { readonly outcome: 'returned'; readonly result: unknown }
  | { readonly outcome: 'raised'; readonly error: string }
  | { readonly outcome: 'died' };

/** A function in a process of its own that stays warm between invocations and starts again after a crash. */
export interface Container {
  invoke(event: unknown): Promise<Invocation>;
  /** Ends the process at once, whatever it is doing: SIGKILL. */
  kill(): void;
  /** What all its processes have written to their logs. */
  log(): string;
  stop(): Promise<void>;
}

export interface ContainerOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

interface Running {
  readonly process: ChildProcess;
  readonly answers: AsyncIterator<string>;
  readonly ended: Promise<unknown>;
}

export function createContainer({ command, args, environment }: ContainerOptions): Container {
  let running: Running | undefined;
  let log = '';

  function start(): Running {
    const started = spawn(command, args, { env: environment, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    for (const stream of [started.stdout, started.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    }
    started.stdin?.on('error', () => {}); // a process that died is told by the end of its answers
    const answers = createInterface({ input: started.stdio[3] as Readable })[Symbol.asyncIterator]();
    return { process: started, answers, ended: once(started, 'close') };
  }

  return {
    async invoke(event) {
      running ??= start();
      const { process, answers, ended } = running;
      process.stdin?.write(`${JSON.stringify(event)}\n`);
      const { done, value } = await answers.next();
      if (done) {
        await ended;
        running = undefined;
        return { outcome: 'died' };
      }
      const answer = JSON.parse(value) as { readonly result: unknown } | { readonly error: string };
      return 'error' in answer
        ? { outcome: 'raised', error: answer.error }
        : { outcome: 'returned', result: answer.result };
    },
    kill() {
      running?.process.kill('SIGKILL');
    },
    log: () => log,
    async stop() {
      running?.process.kill('SIGKILL');
      await running?.ended;
    },
  };
}
