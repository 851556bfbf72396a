// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The Python of the environment that set-up makes below a project's root, whether it is there or not. */
export function venvPython(root: string): string {
  return join(root, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
}

/** The Python of the project's own environment, or the one named by SLAKE_PYTHON. */
export function projectPython(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.SLAKE_PYTHON ?? venvPython(ROOT);
}
