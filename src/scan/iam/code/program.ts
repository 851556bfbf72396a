// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FunctionCode } from '../../../infra/unbundled.ts';
import { pythonLanguage, pythonTrees } from './python.ts';
import { type Solution, solve, type Unclear } from './solve.ts';
import type { FileTree } from './tree.ts';

const COLLECTOR = fileURLToPath(new URL('../../../../collector/slake_collector', import.meta.url));
const NOT_PACKAGED = /(?:^|\/)(?:(?:test_[^/]*|[^/]*_test|conftest)\.py$|tests\/|__pycache__\/|\.)/;

/** The calls of AWS in the code of a function, or why they are not known. */
export type ProgramCalls = Solution | { readonly notChecked: string };

/**
 * Reads the code of a function from its handler on, with what it imports of the project.
 *
 * @param root paths of places are relative to it
 * @param pythons interpreters to read Python with, in their order
 */
export function programCalls(root: string, code: FunctionCode, pythons: readonly string[]): ProgramCalls {
  if (code.kind !== 'processor') return { notChecked: 'the code of the framework is not read' };
  if (!existsSync(code.folder)) return { notChecked: `there is no ${pathFrom(root, code.folder)}` };
  if (code.runtime !== 'python') return { notChecked: `code in ${code.runtime} is not read` };
  const own = pythonSources(root, code.folder);
  const trees = pythonTrees([...own, ...pythonSources(root, COLLECTOR)], pythons);
  if ('notChecked' in trees) return trees;
  const [file = '', member = ''] = code.handler.split(/\.(?=[^.]*$)/);
  const folder = pathFrom(root, code.folder);
  const files = new Map(trees.map((tree) => [tree.file, tree]));
  const entry = posix.join(folder, `${file.replaceAll('.', '/')}.py`);
  if (!files.has(entry)) return { notChecked: `there is no ${entry}` };
  const language = pythonLanguage(files, [folder, pathFrom(root, join(COLLECTOR, '..'))]);
  return withUnparsed(solve(files, { file: entry, member }, language), files);
}

/** A file that runs and cannot be read is a place where anything may be called. */
function withUnparsed(solution: Solution, files: ReadonlyMap<string, FileTree>): Solution {
  const unread = solution.files.flatMap((file): Unclear[] => {
    const unparsed = files.get(file)?.unparsed;
    return unparsed
      ? [{ file, at: unparsed.at, why: `the file cannot be read: ${unparsed.message}`, reached: true }]
      : [];
  });
  return { ...solution, unclear: [...solution.unclear, ...unread] };
}

function pythonSources(root: string, folder: string): { readonly file: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => {
      const below = relative(folder, path).split(sep).join('/');
      return entry.isFile() && below.endsWith('.py') && !NOT_PACKAGED.test(below);
    })
    .map(({ path }) => ({ file: pathFrom(root, path), text: readFileSync(path, 'utf8') }))
    .sort((one, other) => one.file.localeCompare(other.file));
}

function pathFrom(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
