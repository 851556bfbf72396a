// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, test } from 'vitest';
import { type AdvisoryServices, startAdvisoryServices } from '../../scan/audit/services.fixture.ts';
import { slake } from '../run.fixture.ts';

let services: AdvisoryServices | undefined;
afterEach(async () => {
  await services?.stop();
  services = undefined;
});

function endpoints(at: { registry: string; osvUrl: string }): string[] {
  return ['--registry', at.registry, '--osv-url', at.osvUrl];
}

test('services that know the packages of the project and find nothing: clean, exit code 0', async () => {
  services = await startAdvisoryServices('knows');
  const { code, stdout } = await slake(['audit', '--module', 'azure', '--ci', ...endpoints(services)]);

  expect(stdout).toMatch(/^ +\d+ {2}package-lock\.json +clean$/m);
  expect(stdout).toMatch(/^ +\d+ {2}\S*azure\S*requirements\.txt +clean$/m);
  expect(stdout).toContain('nothing found');
  expect(code).toBe(0);
}, 60_000);

test('what was not checked is told, and with --ci gives exit code 2', async () => {
  services = await startAdvisoryServices('405');
  const line = ['audit', '--module', 'azure', '--json', ...endpoints(services)];
  const relaxed = await slake(line);
  const strict = await slake([...line, '--ci']);

  expect(JSON.parse(relaxed.stdout)).toMatchObject({
    counts: { error: 0, 'not-checked': 2 },
    sets: [
      { kind: 'npm', outcome: { status: 'not-checked', packages: expect.any(Number) } },
      { kind: 'pip', outcome: { status: 'not-checked' } },
    ],
  });
  expect([relaxed.code, strict.code]).toEqual([0, 2]);
}, 60_000);
