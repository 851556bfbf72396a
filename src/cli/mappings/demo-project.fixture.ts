// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { goodModule } from '../../checks/module.fixture.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { ROOT } from '../run.fixture.ts';

/** A root of its own with one module `demo`, for one test; `undefined` takes a file of the module away. */
export function demoProject(changes: Readonly<Record<string, string | undefined>> = {}) {
  // Below the project, where modules find `slake/module`.
  const fixtures = join(ROOT, '.slake', 'fixtures');
  mkdirSync(fixtures, { recursive: true });
  const root = mkdtempSync(join(fixtures, 'project-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, CDK_FOLDER, 'modules', 'demo');
  for (const [path, text] of Object.entries({ ...goodModule, ...changes })) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { root, folder };
}
