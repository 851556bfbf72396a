// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readSync } from 'node:fs';

const EVERY_MILLISECONDS = 200;

/**
 * Calls `onLine` with each line that another process appends to `file`, until the returned function is called, which
 * still reports what was written by then. It reads the file, not a pipe, so the writer never waits for the reader.
 */
export function followLog(file: string, onLine: (line: string) => void): () => void {
  const chunk = Buffer.alloc(64 * 1024);
  const descriptor = openSync(file, 'r');
  let rest = Buffer.alloc(0);
  const report = () => {
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
      const end = bytes.lastIndexOf('\n') + 1;
      rest = bytes.subarray(end);
      if (end > 0) for (const line of bytes.toString('utf8', 0, end - 1).split('\n')) onLine(line);
    }
  };
  const timer = setInterval(report, EVERY_MILLISECONDS).unref();
  return () => {
    clearInterval(timer);
    report();
    closeSync(descriptor);
  };
}
