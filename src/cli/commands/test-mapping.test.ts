// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT, slake } from '../run.fixture.ts';

const azure = join(ROOT, 'integrations', 'security-lake', 'cdk', 'modules', 'azure');

test('in the folder of a module its samples are compared, each with its mapping', async () => {
  const { code, stdout } = await slake(['test-mapping'], { callerFolder: join(azure, 'mappings') });

  expect(code).toBe(0);
  expect(stdout).toMatch(/sign-in-failure +ok +sign-in#userSignIn +1 +\d+ %/);
  expect(stdout).toMatch(/\d+ cases, all as expected/);
});

test('one case is shown whole: raw event, OCSF, what is left, what the validator says', async () => {
  const { code, stdout } = await slake(['test-mapping', '--module', 'azure', '--case', 'sign-in-failure', '--columns']);

  expect(code).toBe(0);
  expect(stdout).toContain('"category": "SignInLogs"');
  expect(stdout).toContain('"class_name": "Authentication"');
  expect(stdout).toMatch(/Left in unmapped: \d+ paths, \d+ % of the values/);
  expect(stdout).toMatch(/^ {2}src_endpoint\.ip {2}string$/m);
});

test('every version that the mappings claim is tried: what it lacks is told', async () => {
  const { code, stdout } = await slake(['test-mapping', '--module', 'azure', '--json']);
  const [{ versions }] = JSON.parse(stdout).modules;

  expect(code).toBe(0);
  expect(versions).toEqual([
    { version: '1.1.0', leftOut: expect.any(Number), problems: [] },
    { version: '1.8.0', leftOut: 1, problems: [] },
  ]);
});

test('a case that does not exist is refused with those that do', async () => {
  const { code, stderr } = await slake(['test-mapping', '--module', 'azure', '--case', 'nothing']);

  expect(code).toBe(2);
  expect(stderr).toContain('azure has no case nothing (has activity-');
});

test('events of a file are counted: what conforms, what is refused and why', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slake-events-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const good = JSON.stringify(JSON.parse(readFileSync(join(azure, 'samples', 'sign-in-success.raw.json'), 'utf8')));
  writeFileSync(join(folder, 'events.jsonl'), `${good}\nno JSON\n{"kind":"unknown"}\n`);

  const { code, stdout } = await slake(['test-mapping', '--module', 'azure', '--events', folder, '--json']);

  expect(code).toBe(0);
  expect(JSON.parse(stdout).modules[0].files).toMatchObject([
    { events: 3, conforming: 1, refused: { unmatched: 2 }, mappings: { 'sign-in#userSignIn': 1 } },
  ]);
});
