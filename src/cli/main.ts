// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort());

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  root,
  callerFolder: process.env.INIT_CWD ?? process.cwd(),
  signal: interruption.signal,
});
