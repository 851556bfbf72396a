// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf } from '../module.fixture.ts';
import { check } from './module-loads.ts';

test('a module that is no TypeScript is one finding without a stack trace', async () => {
  const [finding, ...others] = await findingsOf(check, { 'demo-module.ts': 'export const demo = (' });

  expect(others).toEqual([]);
  expect(finding).toMatch(/^index\.ts .*SLK-MODULE-00\d\)$/);
  expect(finding).not.toContain('\n');
});

test('a module of another id is refused', async () => {
  expect(await findingsOf(check, changed('demo-module.ts', "id: 'demo'", "id: 'other'"))).toEqual([
    expect.stringContaining('SLK-MODULE-'),
  ]);
});

test('a method that throws or contradicts itself is named', async () => {
  const byHand = `export const module = {
    moduleId: 'demo', moduleName: 'Demo', moduleVersion: '1.0.0', moduleDescription: 'By hand',
    validateConfig(config) {
      if (config === null) throw new Error('cannot read null');
      return { valid: true, errors: typeof config === 'string' ? [{ path: [], message: 'text' }] : [], warnings: [] };
    },
    createResources() {},
    getRequiredPermissions() { throw new Error('no permissions'); },
  };`;

  expect(await findingsOf(check, { 'index.ts': byHand })).toEqual([
    'index.ts validateConfig of null throws: cannot read null',
    'index.ts validateConfig of "" says valid: true with 1 error',
    'index.ts validateConfig of "text" says valid: true with 1 error',
    'index.ts getRequiredPermissions of the default configuration throws: no permissions',
  ]);
});
