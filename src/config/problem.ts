// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Problem } from '../errors/config.ts';
import type { ErrorEntry } from '../errors/failure.ts';
import { shownName } from './secret.ts';

export type { Problem };

/** Keys and list indexes from the top of the file. */
export type KeyPath = readonly (string | number)[];

/** A finding about a value, before it is known where the value stands in a file. */
export interface Finding {
  readonly code: string;
  readonly level: 'error' | 'warning';
  readonly path: KeyPath;
  readonly message: string;
  readonly hint: string;
}

/** A finding of one kind of the catalog at `path`. */
export function finding<Args>(
  entry: ErrorEntry<Args>,
  path: KeyPath,
  args: Args,
  level: Finding['level'] = 'error',
): Finding {
  const hint = typeof entry.hint === 'function' ? entry.hint(args) : entry.hint;
  return { code: entry.code, level, path, message: entry.message(args), hint };
}

/** `['a', 'b c', 0]` as `a["b c"][0]`; names that look like secrets or are endless are not shown whole. */
export function renderPath(path: KeyPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') {
      text += `[${part}]`;
      continue;
    }
    const name = shownName(part);
    if (/^[\w-]+$/.test(name)) text += text === '' ? name : `.${name}`;
    else text += `[${JSON.stringify(name)}]`;
  }
  return text;
}

/** `config.prod.yaml:6:7 integrations.azure.config.batchSize: at most 10000 (is 20000)`, the hint indented below. */
export function renderProblem(problem: Problem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`;
  const level = problem.level === 'warning' ? 'warning: ' : '';
  const subject = problem.path === '' ? `${place}: ` : `${place} ${problem.path}: `;
  const hint = problem.hint === '' ? '' : `\n    ${problem.hint}`;
  return `${subject}${level}${problem.message}${hint}`;
}
