// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { slake } from '../run.fixture.ts';

test('a rule is explained by its code, in any case', async () => {
  const { code, stdout } = await slake(['module-checklist', '--explain', 'chk-tests-001']);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^CHK-TESTS-001 {2}The unit tests pass without network/);
  expect(stdout).toMatch(/^how .*pytest/m);
});

test('a code that is no rule names the nearest', async () => {
  const { code, stderr } = await slake(['module-checklist', '--explain', 'CHK-TEST-001']);

  expect(code).toBe(2);
  expect(stderr).toContain('did you mean CHK-TESTS-001?');
});

test('without a module it says how to name one', async () => {
  const { code, stderr } = await slake(['module-checklist']);

  expect(code).toBe(2);
  expect(stderr).toContain('Give --module with one of azure');
});

test.each(['nosuch', '../azure', 'azure/src'])('a module %s that is not there is refused', async (id) => {
  const { code, stderr } = await slake(['module-checklist', '--module', id]);

  expect(code).toBe(2);
  expect(stderr).toContain('SLK-MODULE-001');
});
