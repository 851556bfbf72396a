// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectPython } from '../../infra/bundling/project-python.ts';

export interface ReceivedEvent {
  /** Null above 4 KiB. */
  readonly body: string | null;
  readonly size: number;
  readonly sequence_number: number;
  readonly offset: string;
  /** Epoch seconds. */
  readonly enqueued_time: number;
  readonly partition_key: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly last_enqueued: number | null;
}

export interface Received {
  readonly events: readonly ReceivedEvent[];
  readonly errors: readonly string[];
}

export interface ReceivedSummary {
  readonly count: number;
  readonly in_order: boolean;
  readonly first: number | null;
  readonly bytes: number;
  readonly seconds: number;
  readonly errors: readonly string[];
}

interface Pending {
  onProgress(): void;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A Python process with the Azure SDK that carries out requests side by side. */
export interface PythonSdk {
  /** Starts an operation of `python_sdk.py`. `receiving` resolves at the first event it received. */
  start<Result>(operation: string, request: object): { receiving: Promise<void>; result: Promise<Result> };
  call<Result>(operation: string, request: object): Promise<Result>;
  stop(): Promise<void>;
}

/** The Python to test with: SLAKE_PYTHON, or that of the project's virtual environment. */
function findPython(): string {
  const python = projectPython();
  if (!existsSync(python)) throw new Error(`no Python at ${python}: run "npm run setup" or set SLAKE_PYTHON`);
  return python;
}

export function startPythonSdk(): PythonSdk {
  const child = spawn(findPython(), [join(import.meta.dirname, 'python_sdk.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  }) as ChildProcess & { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream };
  const pending = new Map<number, Pending>();
  let lastId = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as { id: number; progress?: string; result?: unknown; error?: string };
    const request = pending.get(answer.id);
    if (answer.progress) {
      request?.onProgress();
      return;
    }
    pending.delete(answer.id);
    if (answer.error === undefined) request?.resolve(answer.result);
    else request?.reject(new Error(answer.error));
  });
  child.on('exit', (code) => {
    for (const request of pending.values()) request.reject(new Error(`the Python process ended with ${code}`));
  });

  function start<Result>(operation: string, request: object): { receiving: Promise<void>; result: Promise<Result> } {
    const id = ++lastId;
    const receiving = Promise.withResolvers<void>();
    const result = Promise.withResolvers<Result>();
    pending.set(id, {
      onProgress: receiving.resolve,
      resolve: (value) => result.resolve(value as Result),
      reject: result.reject,
    });
    child.stdin.write(`${JSON.stringify({ id, operation, ...request })}\n`);
    return { receiving: receiving.promise, result: result.promise };
  }

  return {
    start,
    call: <Result>(operation: string, request: object) => start<Result>(operation, request).result,
    async stop() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}
