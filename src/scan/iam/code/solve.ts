// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Call, Unclear } from './found.ts';
import type { Language } from './language.ts';
import { Solver } from './solver.ts';
import type { At, FileTree } from './tree.ts';

export interface Solution {
  readonly calls: readonly Call[];
  readonly unclear: readonly Unclear[];
  /** The files that run, in the order they were met. */
  readonly files: readonly string[];
}

const START: At = [1, 1];

/**
 * Follows values through a program from its handler: which clients of AWS reach which calls. Order and conditions are
 * left out, so what is found may happen; what is lost on the way is told where a call depends on it.
 */
export function solve(
  files: ReadonlyMap<string, FileTree>,
  entry: { readonly file: string; readonly member: string },
  language: Language,
): Solution {
  const solver = new Solver(files, language);
  solver.runFile(entry.file);
  solver.settle();
  const isEntered = solver.callMember(entry.file, entry.member);
  solver.settle();
  for (const phase of ['types', 'names'] as const) {
    solver.phases.add(phase);
    solver.settle();
  }
  const reached = solver.collect();
  // The phase of names would take every call of an unknown object for one of these.
  solver.phases.delete('names');
  solver.callEverything();
  solver.settle();
  const all = solver.collect();
  const isReached = new Set([...reached.calls, ...reached.unclear].map(({ key }) => key));
  return {
    calls: all.calls.map(({ key, ...call }) => ({ ...call, reached: isReached.has(key) })),
    unclear: [
      ...(isEntered ? [] : [{ file: entry.file, at: START, why: `there is no ${entry.member} in it`, reached: true }]),
      ...(solver.isComplete
        ? []
        : [{ file: entry.file, at: START, why: 'it is too entangled to be followed', reached: true }]),
      ...(reached.unclear.length > 0 ? [] : reached.lost),
      ...all.unclear.map(({ key, ...one }) => ({ ...one, reached: isReached.has(key) })),
    ],
    files: solver.filesInOrder,
  };
}
