// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';

const VENV_PYTHON = process.platform === 'win32' ? '.venv/Scripts/python.exe' : '.venv/bin/python';

/** The Python of the project's own environment, or the one named by SLAKE_PYTHON. */
export function projectPython(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.SLAKE_PYTHON ?? fileURLToPath(new URL(`../../../${VENV_PYTHON}`, import.meta.url));
}
