// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { venvPython } from '../infra/bundling/project-python.ts';

/** What a script answers, or why no Python runs it. */
export type PythonAnswer<T> = { readonly answer: T } | { readonly notChecked: string };

/**
 * Runs a script of ours, which needs the standard library alone, on JSON and reads the JSON that it prints.
 *
 * @param pythons interpreters to try, in their order; the first that runs it counts
 */
export function askPython<T>(
  script: string,
  input: unknown,
  { pythons, patienceMs }: { readonly pythons: readonly string[]; readonly patienceMs: number },
): PythonAnswer<T> {
  const tried: string[] = [];
  for (const python of pythons) {
    // -I: neither the environment nor the current folder has a say in what is imported.
    const run = spawnSync(python, ['-I', script], {
      input: JSON.stringify(input),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: patienceMs,
    });
    if (run.status === 0) return { answer: JSON.parse(run.stdout) as T };
    const why = run.error
      ? ((run.error as NodeJS.ErrnoException).code ?? run.error.message)
      : `exit code ${run.status}`;
    tried.push(`${python}: ${why}`);
  }
  return { notChecked: `no Python answers (${tried.join('; ') || 'none is known'})` };
}

/** The Python of the project where it is set up, else that of the machine. */
export function pythonsOf(root: string): readonly string[] {
  return [...[venvPython(root)].filter((path) => existsSync(path)), 'python3', 'python'];
}
