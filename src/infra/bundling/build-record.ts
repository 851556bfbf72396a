// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What an earlier build made, and of which files in which state. */
interface BuildRecord {
  readonly made: string;
  readonly files: readonly (readonly [path: string, state: string])[];
}

/** Notes in the file `record` that `made` came of these files as they are now. */
export function remember(record: string, made: string, files: readonly string[]): void {
  const content: BuildRecord = { made, files: files.map((path) => [path, state(path)]) };
  mkdirSync(dirname(record), { recursive: true });
  const draft = `${record}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(content));
  renameSync(draft, record);
}

/** What was made, if each of its files is in the state it had then. */
export function recall(record: string): string | undefined {
  try {
    const { made, files } = JSON.parse(readFileSync(record, 'utf8')) as BuildRecord;
    return files.every(([path, then]) => state(path) === then) ? made : undefined;
  } catch {
    return undefined;
  }
}

/** Size and time of change: enough to see a change, and a thousand of them are read in milliseconds. */
function state(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.size} ${found.mtimeMs}` : 'absent';
}
