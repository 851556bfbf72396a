// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const NEVER = new Set(['.git', 'node_modules', '.venv', '__pycache__', '.slake', 'cdk.out', 'dist', 'coverage']);

/**
 * The files below a folder that are or may get into version control: tracked ones and those that are not ignored.
 * Outside of a git repository all files, without what tools make.
 *
 * @param root root of the project; the paths of the answer start there and have slashes
 * @param folder absolute, the root or below it
 */
export function listFiles(root: string, folder: string): readonly string[] {
  const inside = relative(root, folder).split(sep).join('/');
  const listed = spawnSync(
    'git',
    ['-c', 'core.quotePath=false', 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', inside || '.'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 30 },
  );
  const tracked = listed.status === 0 ? listed.stdout.split('\0').filter((file) => file !== '') : [];
  const files = listed.status === 0 && tracked.length > 0 ? tracked : walk(folder, root);
  return [...new Set(files)].toSorted();
}

function walk(folder: string, root: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NEVER.has(entry.name) ? [] : walk(path, root);
    return [relative(root, path).split(sep).join('/')];
  });
}
