// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { goodModule } from '../../checks/module.fixture.ts';
import { demoProject } from '../mappings/demo-project.fixture.ts';
import { ROOT, slake } from '../run.fixture.ts';

function demo(changes: Readonly<Record<string, string | undefined>> = {}) {
  const { root, folder } = demoProject(changes);
  return {
    run: (...options: readonly string[]) => slake(['test-mapping', '--module', 'demo', ...options], { root }),
    expectation: () => readFileSync(join(folder, 'samples', 'sign-in.ocsf.json'), 'utf8'),
  };
}

const SAMPLE = '{ "signIn": "ada", "at": "2026-03-04T12:00:00Z", "outcome": "failed" }';

const azure = join(ROOT, 'integrations', 'security-lake', 'cdk', 'modules', 'azure');

test('in the folder of a module its samples are compared, each with its mapping', async () => {
  const { code, stdout } = await slake(['test-mapping'], { callerFolder: join(azure, 'mappings') });

  expect(code).toBe(0);
  expect(stdout).toMatch(/sign-in-failure +ok +sign-in#userSignIn +1 +0 +\d+ %/);
  expect(stdout).toMatch(/\d+ cases, all as expected/);
});

test('one case is shown whole: raw event, OCSF, what is left, what the validator says', async () => {
  const { code, stdout } = await slake(['test-mapping', '--module', 'azure', '--case', 'sign-in-failure', '--columns']);

  expect(code).toBe(0);
  expect(stdout).toContain('"category": "SignInLogs"');
  expect(stdout).toContain('"class_name": "Authentication"');
  expect(stdout).toMatch(/Left in unmapped: \d+ paths, \d+ % of the values/);
  expect(stdout).toMatch(/^Parquet: \d+ of the \d+ columns of its lake source with a value$/m);
  expect(stdout).toMatch(/^ {2}src_endpoint\.ip +string +"198\.51\.100\.23"$/m);
  expect(stdout).toMatch(/^ {2}metadata\.profiles\[\] +string +\["cloud","host"\]$/m);
  expect(stdout).toMatch(/^ {2}auth_factors\[\]\.phone_number +string$/m);
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
  writeFileSync(join(folder, 'events.jsonl'), `${good}\n\nno JSON\n${'{"kind":"unknown"}\n'.repeat(8)}`);

  const line = ['test-mapping', '--module', 'azure', '--events', folder];
  const { code, stdout } = await slake([...line, '--json']);

  expect(code).toBe(1);
  expect(JSON.parse(stdout).modules[0].files).toMatchObject([
    {
      events: 10,
      conforming: 1,
      refused: { body_not_json: [3], unmatched: [4, 5, 6, 7, 8, 9, 10, 11] },
      mappings: { 'sign-in#userSignIn': 1 },
    },
  ]);
  expect((await slake(line)).stdout).toContain(
    '  1 refused: body_not_json (line 3)\n  8 refused: unmatched (lines 4, 5, 6, 7, 8 and 3 more)\n',
  );

  writeFileSync(join(folder, 'events.jsonl'), `\uFEFF${good}\r\n`);
  expect((await slake(line)).code).toBe(0);
  writeFileSync(join(folder, 'events.jsonl'), '\n');
  expect(await slake(line)).toMatchObject({ code: 2, stderr: expect.stringContaining('holds no events') });
});

test('a sample that comes out otherwise is shown by path, and gives exit code 1', async () => {
  const { code, stdout } = await demo({ 'samples/sign-in.raw.json': SAMPLE }).run();

  expect(code).toBe(1);
  expect(stdout).toContain('sign-in: differs\n  [0].status_id\n    - 1\n    + 2\n');
  expect(stdout).toContain('1 case, 1 not as expected');
});

test('--update writes what comes out, the same each time; then all is as expected', async () => {
  const { run, expectation } = demo({ 'samples/sign-in.raw.json': SAMPLE });

  expect((await run('--update')).stdout).toMatch(/^written {2}.*sign-in\.ocsf\.json\n/);
  const first = expectation();
  expect(JSON.parse(first)).toMatchObject([{ status_id: 2, status: 'Failure' }]);
  const again = await run('--update');

  expect(again.code).toBe(0);
  expect(again.stdout).not.toContain('written');
  expect(expectation()).toBe(first);
});

test.each([
  ['no mapping takes it', { 'samples/sign-in.raw.json': '{"other":1}' }, 'sign-in: invalid\n  unmatched'],
  ['OCSF refuses it', { 'samples/sign-in.raw.json': '{"signIn":"ada"}' }, 'attribute_required_missing  time: required'],
  ['it has no expectation', { 'samples/sign-in.ocsf.json': undefined }, 'there is no .ocsf.json beside it'],
  ['its raw event is gone', { 'samples/x.ocsf.json': '[]' }, 'samples/x.ocsf.json has no raw event beside it'],
])('a sample is not as expected where %s', async (_, changes, told) => {
  const { code, stdout } = await demo(changes).run();

  expect(code).toBe(1);
  expect(stdout).toContain(told);
});

test('an event that must be refused has [] as its expectation, which --update leaves', async () => {
  const { run, expectation } = demo({
    'samples/sign-in.ocsf.json': '[]',
    'samples/sign-in.raw.json': '{"signIn":"ada"}',
    'samples/good.raw.json': SAMPLE,
  });
  const { code, stdout } = await run('--update');

  expect(stdout).toMatch(/sign-in +refused/);
  expect(code).toBe(0);
  expect(expectation()).toBe('[]');
});

test('a claim that does not hold could not run, and says which mapping, path and version', async () => {
  const mapping = goodModule['mappings/sign-in.ts']?.replace(
    "class: 'authentication',",
    "class: 'authentication',\n  versions: ['1.1.0'],\n  adjust: { '1.1.0': { 'user.name': 'title' } },",
  );
  const { code, stderr } = await demo({ 'mappings/sign-in.ts': mapping }).run();

  expect(code).toBe(2);
  expect(stderr).toContain('SLK-PIPELINE-007');
  expect(stderr).toContain('sign-in#signIn: OCSF 1.1.0: adjust user.name cannot be title: there is no such attribute');
});

test('a version nobody claims can be tried: what it refuses is told', async () => {
  const mapping = goodModule['mappings/sign-in.ts']?.replace(
    "service: { name: 'Demo' }",
    "dst_endpoint: { name: 'd' }",
  );
  const { code, stdout } = await demo({ 'mappings/sign-in.ts': mapping }).run('--update', '--ocsf-version', '1.1.0');

  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('OCSF 1.1.0: 1 of 1 sample conforms'),
  });
});

test('a sample that is no JSON is named', async () => {
  const { code, stderr } = await demo({ 'samples/sign-in.raw.json': '{' }).run();

  expect(code).toBe(2);
  expect(stderr).toMatch(/samples\/sign-in\.raw\.json: .*SLK-PIPELINE-008/s);
});
