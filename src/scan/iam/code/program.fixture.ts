// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { venvPython } from '../../../infra/bundling/project-python.ts';
import type { FunctionRuntime } from '../../../module/integration-module.ts';
import { programCalls } from './program.ts';
import type { Solution } from './solve.ts';

export const pythons = [venvPython(join(import.meta.dirname, '../../../..')), 'python3'];

/** Writes a processor into a folder of its own. */
export function processorFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'slake-processor-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The calls of a processor whose handler is `app.handler`; places are relative to its folder. */
export function solutionOf(files: Readonly<Record<string, string>>, runtime: FunctionRuntime = 'python'): Solution {
  const folder = processorFolder(files);
  const solution = programCalls(folder, { kind: 'processor', folder, handler: 'app.handler', runtime }, pythons);
  if ('notChecked' in solution) throw new Error(solution.notChecked);
  return solution;
}

/** `s3.putobject 4`: each call with its line; what only functions call that nothing calls is in brackets. */
export function callsOf(files: Readonly<Record<string, string>>, runtime: FunctionRuntime = 'python'): string[] {
  return solutionOf(files, runtime)
    .calls.map(({ service, operation, foreign, at, reached }) => {
      const text = `${service}.${operation.replaceAll('_', '').toLowerCase()}${foreign ? ' foreign' : ''} ${at[0]}`;
      return reached ? text : `(${text})`;
    })
    .sort();
}
