// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadModule } from '../src/module/load.ts';
import { loadProgram, mappingFiles } from '../src/pipeline/build/load-program.ts';
import { tryEvent } from '../src/pipeline/build/sample.ts';
import { CDK_FOLDER } from '../src/release/deploy.ts';

const folder = join(resolve(import.meta.dirname, '..'), CDK_FOLDER, 'modules', 'azure');
const { mappings } = await loadModule(folder, 'azure');
const { program } = await loadProgram(mappingFiles(folder, mappings), '1.3.0');

/** What becomes of an audit record of Privileged Identity Management with this activity. */
function typesOf(activityDisplayName: string): unknown[] {
  const raw = JSON.parse(readFileSync(join(folder, 'samples', 'directory-role-pim-removed.raw.json'), 'utf8'));
  const event = { ...raw, properties: { ...raw.properties, activityDisplayName, operationType: 'Update' } };
  return tryEvent(program, event, 'test').rows.map(({ type_uid }) => type_uid);
}

/** The activities that Microsoft lists for Privileged Identity Management, as far as they are about who has a role. */
test.each([
  'Add eligible member to role in PIM completed (permanent)',
  'Add eligible member to role in PIM completed (timebound)',
  'Add member to role completed (PIM activation)',
  'Add member to role in PIM completed (permanent)',
  'Add member to role in PIM completed (timebound)',
  'Add member to role outside of PIM (permanent)',
  'Restore eligible member from role in PIM completed',
  'Restore member from role',
  'Restore member from role in PIM completed',
  'Restore permanent direct role assignment',
  'Restore permanent eligible role assignment',
])('%s: privileges are assigned', (activity) => {
  expect(typesOf(activity)).toEqual([300501]);
});

test.each([
  'Remove eligible member from role in PIM completed (permanent)',
  'Remove eligible member from role in PIM completed (timebound)',
  'Remove member from role (PIM activation expired)',
  'Remove member from role completed (PIM deactivate)',
  'Remove member from role in PIM completed (permanent)',
  'Remove member from role in PIM completed (timebound)',
  'Remove permanent direct role assignment',
  'Remove permanent eligible role assignment',
])('%s: privileges are revoked', (activity) => {
  expect(typesOf(activity)).toEqual([300502]);
});

test.each([
  'Add eligible member to role in PIM canceled (permanent)',
  'Add eligible member to role in PIM canceled (renew)',
  'Add eligible member to role in PIM canceled (timebound)',
  'Add eligible member to role in PIM requested (permanent)',
  'Add eligible member to role in PIM requested (renew)',
  'Add eligible member to role in PIM requested (timebound)',
  'Add member to role approval requested (PIM activation)',
  'Add member to role canceled (PIM activation)',
  'Add member to role cancelled (PIM activation)',
  'Add member to role in PIM canceled (permanent)',
  'Add member to role in PIM canceled (renew)',
  'Add member to role in PIM canceled (timebound)',
  'Add member to role in PIM requested (permanent)',
  'Add member to role in PIM requested (renew)',
  'Add member to role in PIM requested (timebound)',
  'Add member to role request approved (PIM activation)',
  'Add member to role request denied (PIM activation)',
  'Add member to role requested (PIM activation)',
  'Remove eligible member from role in PIM canceled (permanent)',
  'Remove eligible member from role in PIM requested (permanent)',
  'Remove eligible member from role in PIM requested (timebound)',
  'Remove member from role in PIM requested (permanent)',
  'Remove member from role in PIM requested (timebound)',
  'Remove member from role requested (PIM deactivate)',
  'Update eligible member in PIM canceled (extend)',
  'Update eligible member in PIM requested (extend)',
  'Update member in PIM approved by admin (extend/renew)',
  'Update member in PIM canceled (extend)',
  'Update member in PIM denied by admin (extend/renew)',
  'Update member in PIM requested (extend)',
])('%s: nothing is assigned or revoked, and no role changed', (activity) => {
  expect(typesOf(activity)).toEqual([300499]);
});
