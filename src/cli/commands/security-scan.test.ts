// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { slake } from '../run.fixture.ts';

test('the project itself is clean of secrets and dangerous code', async () => {
  const { code, stdout } = await slake(['security-scan', '--all', '--only', 'secrets,code', '--json']);
  const { findings, counts } = JSON.parse(stdout);

  expect(findings).toEqual([]);
  expect(counts).toEqual({ error: 0, warning: 0, advice: 0, 'not-checked': 0 });
  expect(code).toBe(0);
}, 120_000);

test('the stacks of a module are looked at', async () => {
  const { code, stdout } = await slake(['security-scan', '--module', 'azure', '--only', 'templates']);

  expect(stdout).toMatch(/templates: \d+ files, 2 stacks \(.*azure\)\nnothing found/);
  expect(code).toBe(0);
}, 60_000);

test('a rule is explained by its code', async () => {
  const { code, stdout } = await slake(['security-scan', '--explain', 'secret-azure-sas']);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^SECRET-AZURE-SAS {2}No Shared access signature/);
  expect(stdout).toMatch(/^fix {4}Regenerate/m);
});

test.each([
  [['--explain', 'SECRET-AZURE-SASS'], 'did you mean SECRET-AZURE-SAS?'],
  [['--module', 'azure', '--only', 'secret'], '--only takes some of secrets,code,templates (is secret)'],
  [['--module', 'azure', '--update-baseline'], 'needs --reason'],
  [['--module', '../azure'], 'SLK-MODULE-001'],
  [[], 'Give --module with one of azure'],
])('a mistake is told: %j', async (line, message) => {
  const { code, stderr } = await slake(['security-scan', ...line]);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
