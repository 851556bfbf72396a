// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadModules } from './load.ts';
import { withModuleTable } from './module-table.ts';

const folder = fileURLToPath(new URL('fixtures/modules', import.meta.url));
const { modules } = await loadModules(folder);

test('the README lists every module with what it says of itself, and its OCSF classes', () => {
  const readme = '# P\n\n<!-- modules:begin -->\nold\n<!-- modules:end -->\n\nMore.\n';
  const fresh = withModuleTable(readme, modules, join(folder, '..'));

  expect(fresh.split('\n').slice(2, -3)).toEqual([
    '<!-- modules:begin -->',
    '',
    '| module | brings | OCSF classes |',
    '| --- | --- | --- |',
    '| good | A module that loads | Authentication, Detection Finding |',
    '| hand-written | Implements the interface itself | Authentication |',
    '',
    '<!-- modules:end -->',
  ]);
  expect(withModuleTable(fresh, modules, join(folder, '..'))).toBe(fresh);
  expect(withModuleTable('# P\n', modules, folder)).toBe('# P\n');
});
