// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { venvPython } from '../../infra/bundling/project-python.ts';
import type { Source } from '../files/read-source.ts';
import type { CodeFinding } from './scan-code.ts';

const SCRIPT = fileURLToPath(new URL('python_code.py', import.meta.url));
const PATIENCE_MS = 120_000;

/** What was found in Python files, or why they were not looked at. */
export type PythonResult = { readonly found: readonly CodeFinding[] } | { readonly notChecked: string };

/**
 * Looks at Python files with Python's own parser.
 *
 * @param pythons interpreters to try, in their order
 */
export function scanPython(sources: readonly Source[], pythons: readonly string[]): PythonResult {
  const input = JSON.stringify(sources.map(({ file, text = '' }) => ({ file, text })));
  const tried: string[] = [];
  for (const python of pythons) {
    // -I: neither the environment nor the current folder has a say in what is imported.
    const run = spawnSync(python, ['-I', SCRIPT], {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: PATIENCE_MS,
    });
    if (run.status === 0) return { found: JSON.parse(run.stdout) as CodeFinding[] };
    const why = run.error
      ? ((run.error as NodeJS.ErrnoException).code ?? run.error.message)
      : `exit code ${run.status}`;
    tried.push(`${python}: ${why}`);
  }
  return { notChecked: `no Python answers (${tried.join('; ')})` };
}

/** The Python of the project where it is set up, else that of the machine. */
export function pythonsOf(root: string): readonly string[] {
  return [...[venvPython(root)].filter((path) => existsSync(path)), 'python3', 'python'];
}
