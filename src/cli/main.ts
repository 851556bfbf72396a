// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
enableCompileCache(join(root, '.slake', 'compile-cache'));
const { run } = await import('./run.ts');
const interruption = new AbortController();
const PATIENCE_MS = 5_000;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interruption.abort();
    // A stage that does not listen must not hold up the end: 'exit' handlers kill what runs.
    setTimeout(() => process.exit(2), PATIENCE_MS).unref();
  });
}

// Whoever reads the output may stop early (head, less): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  root,
  callerFolder: process.env.INIT_CWD ?? process.cwd(),
  signal: interruption.signal,
});
// What was cancelled may still be under way, such as a deployment to an embedded AWS that has been stopped.
if (interruption.signal.aborted) process.exit();
