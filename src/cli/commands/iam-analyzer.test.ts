// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { ROOT, slake } from '../run.fixture.ts';

test('the module of the project is clean: each grant is explained', async () => {
  const { code, stdout } = await slake(['iam-analyzer', '--all', '--strict']);

  expect(stdout).toMatch(/azure-processor: 5 of 13 grants proven by code, 4 by platform, 4 implied, 0 open/);
  expect(stdout).toMatch(/azure-transformer: 3 of 12 grants proven by code, 7 by platform, 2 implied, 0 open/);
  expect(stdout).toMatch(/lake-source: 4 of 31 grants proven by code, 4 by platform, 23 implied, 0 open/);
  expect(stdout).toMatch(/nothing found\n$/);
  expect(code).toBe(0);
}, 120_000);

test('a module that fails unexpectedly is one finding, and the others are looked at', async () => {
  const root = mkdtempSync(join(tmpdir(), 'slake-project-'));
  const modules = join(root, CDK_FOLDER, 'modules');
  mkdirSync(join(modules, 'broken'), { recursive: true });
  // It loads, and fails as no module should when its stacks are made.
  writeFileSync(
    join(modules, 'broken', 'index.ts'),
    `export const module = {
  moduleId: 'broken', moduleName: 'Broken', moduleVersion: '1.0.0', moduleDescription: 'Broken',
  validateConfig: () => ({ valid: true, errors: [], warnings: [] }),
  createResources() { throw new TypeError('no such thing\\n    at somewhere'); },
  getRequiredPermissions: () => [],
};
`,
  );
  mkdirSync(join(modules, 'broken', 'mappings'));
  writeFileSync(
    join(modules, 'broken', 'mappings', 'all.ts'),
    `export const all = { stream: 'x', when: {}, class: 'detection_finding', event: {} };\n`,
  );
  cpSync(join(ROOT, CDK_FOLDER, 'modules', 'azure'), join(modules, 'good'), { recursive: true });

  const { code, stdout, stderr } = await slake(['iam-analyzer', '--all', '--json'], { root });
  const { findings } = JSON.parse(stdout);

  expect(findings).toHaveLength(2);
  expect(findings[0]).toMatchObject({ code: 'STACKS_NOT_MADE', level: 'not-checked', subject: 'broken' });
  expect(findings[0].message).toContain('no such thing');
  expect(`${findings[0].message}${stderr}`).not.toMatch(/node_modules|\.ts:\d+/);
  expect(findings[1].subject).toBe('good');
  expect(code).toBe(0);
}, 120_000);
