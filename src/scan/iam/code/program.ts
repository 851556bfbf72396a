// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FunctionCode } from '../../../infra/unbundled.ts';
import type { Unclear } from './found.ts';
import { pythonLanguage, pythonTrees } from './python.ts';
import { type Solution, solve } from './solve.ts';
import type { FileTree } from './tree.ts';
import { typescriptLanguage, typescriptTrees } from './typescript.ts';

const SOURCES = fileURLToPath(new URL('../../../', import.meta.url));
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
  if (code.kind === 'lake-source')
    return typescriptCalls(root, join(SOURCES, 'infra/lake-source/handler.ts'), 'handler');
  if (code.kind === 'transformer') {
    const entry = join(SOURCES, 'pipeline/entry.ts');
    return typescriptCalls(root, entry, 'handler', new Map([[pathFrom(root, entry), TRANSFORMER]]));
  }
  if (!existsSync(code.folder)) return { notChecked: `there is no ${pathFrom(root, code.folder)}` };
  const [file = '', member = ''] = code.handler.split(/\.(?=[^.]*$)/);
  return code.runtime === 'python'
    ? pythonCalls(root, code.folder, file, member, pythons)
    : typescriptCalls(root, join(code.folder, `${file}.ts`), member);
}

/** The code of a transformer without its mappings, which call nothing. */
const TRANSFORMER = `import { createTransformer } from './transformer.ts';
export const handler = createTransformer({});
`;

function pythonCalls(
  root: string,
  folder: string,
  file: string,
  member: string,
  pythons: readonly string[],
): ProgramCalls {
  const trees = pythonTrees([...pythonSources(root, folder), ...pythonSources(root, COLLECTOR)], pythons);
  if ('notChecked' in trees) return trees;
  const from = pathFrom(root, folder);
  const files = new Map(trees.map((tree) => [tree.file, tree]));
  const entry = posix.join(from, `${file.replaceAll('.', '/')}.py`);
  if (!files.has(entry)) return { notChecked: `there is no ${entry}` };
  const language = pythonLanguage(files, [from, pathFrom(root, join(COLLECTOR, '..'))]);
  return withUnparsed(solve(files, { file: entry, member }, language), files);
}

function typescriptCalls(
  root: string,
  entry: string,
  member: string,
  made: ReadonlyMap<string, string> = new Map(),
): ProgramCalls {
  const read = (file: string) => {
    const path = resolve(root, file);
    return (
      made.get(file) ?? (statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : undefined)
    );
  };
  const file = pathFrom(root, entry);
  const own = { 'slake/collector': pathFrom(root, join(SOURCES, 'collector/index.ts')) };
  const files = typescriptTrees(file, read, own);
  if (!files.has(file)) return { notChecked: `there is no ${file}` };
  return withUnparsed(solve(files, { file, member }, typescriptLanguage(files, own)), files);
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
