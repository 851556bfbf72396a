// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks on a terminal for a line that is not shown while it is typed. Rejects when it is interrupted. */
export async function hiddenAnswer(question: string, signal: AbortSignal): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(question);
  try {
    return (await lines.question('', { signal })).trim();
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
