// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { askPython, type PythonAnswer } from '../ask-python.ts';
import type { Source } from '../files/read-source.ts';
import type { CodeFinding } from './scan-code.ts';

const SCRIPT = fileURLToPath(new URL('python_code.py', import.meta.url));
const PATIENCE_MS = 120_000;

/**
 * Looks at Python files with Python's own parser.
 *
 * @param pythons interpreters to try, in their order
 */
export function scanPython(
  sources: readonly Source[],
  pythons: readonly string[],
): PythonAnswer<readonly CodeFinding[]> {
  const input = sources.map(({ file, text = '' }) => ({ file, text }));
  return askPython(SCRIPT, input, { pythons, patienceMs: PATIENCE_MS });
}
