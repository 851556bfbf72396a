// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { configurableModules, findModules, loadModules, requireModules } from './load.ts';

const folder = fileURLToPath(new URL('fixtures/modules', import.meta.url));
const loaded = await loadModules(folder);

test('modules are found by folder name, templates are not modules', () => {
  expect(findModules(folder)).toContain('good');
  expect(findModules(folder)).not.toContain('_template');
});

test('a module comes with its mappings in the order of files, and its distinct classes', () => {
  const good = loaded.modules.find(({ id }) => id === 'good');

  expect(good?.mappings.map(({ file, exportName }) => `${file}#${exportName}`)).toEqual([
    'a.ts#alert',
    'a.ts#incident',
    'b.ts#signIn',
  ]);
  expect(good?.classes).toEqual(['authentication', 'detection_finding']);
});

test('a broken module stops no other and says what is wrong with it', () => {
  expect(loaded.modules.map(({ id }) => id)).toEqual(['good', 'hand-written']);
  expect(Object.fromEntries(loaded.broken.map(({ id, failure }) => [id, failure.code]))).toEqual({
    'import-fails': 'SLK-MODULE-003',
    'mapping-empty': 'SLK-MODULE-008',
    'no-export': 'SLK-MODULE-004',
    'no-index': 'SLK-MODULE-002',
    'no-mappings': 'SLK-MODULE-009',
    'other-id': 'SLK-MODULE-006',
    'wrong-shape': 'SLK-MODULE-005',
  });
});

test('the reason of a failed import and every wrong member are told', () => {
  const messages = loaded.broken.map(({ failure }) => failure.message).join('\n');

  expect(messages).toContain('the vendor kit is not installed');
  expect(messages).toContain('validateConfig is no function');
  expect(messages).toContain('moduleVersion is no text');
});

test('a configured module that is broken or absent ends the command', () => {
  expect(() => requireModules(loaded, ['good', 'import-fails'], folder)).toThrow('the vendor kit');
  expect(() => requireModules(loaded, ['goood'], folder)).toThrow('The module "goood" has no folder');
  expect(requireModules(loaded, ['good'], folder).map(({ id }) => id)).toEqual(['good']);
});

test('every module has a configuration schema: its own, its validateConfig, or anything where it is broken', () => {
  const schemas = configurableModules(loaded);
  const good = schemas.good?.configSchema ?? z.never();

  expect(good.safeParse({ schedule: 'rate(1 hour)' }).success).toBe(true);
  expect(good.safeParse({ schedule: 'hourly' }).error?.issues[0]?.message).toContain('neither rate');
  expect(good.safeParse({ shedule: 'rate(1 hour)' }).success).toBe(false);
  expect(schemas['hand-written']?.configSchema.safeParse({}).error?.issues[0]?.path).toEqual(['topic']);
  expect(schemas['import-fails']?.configSchema.safeParse({ anything: 1 }).success).toBe(true);
});
