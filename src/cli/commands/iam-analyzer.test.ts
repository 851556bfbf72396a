// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
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

test('JSON holds each grant of each function with what proves it', async () => {
  const { stdout } = await slake(['iam-analyzer', '--module', 'azure', '--json']);

  const functions: { name: string; grants: object[] }[] = JSON.parse(stdout).functions;
  const grants = functions.find(({ name }) => name === 'azure-processor')?.grants;
  expect(grants).toHaveLength(13);
  expect(grants).toContainEqual({ action: 'sqs:SendMessage', sid: 'SendToOwnQueue', proof: 'code' });
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
  cpSync(join(modules, 'broken'), join(modules, 'other'), { recursive: true });
  for (const [file, from, to] of [
    ['index.ts', /broken/g, 'other'],
    ['mappings/all.ts', /detection_finding/, 'base_event'],
  ] as const) {
    const path = join(modules, 'other', file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
  }

  const { code, stdout, stderr } = await slake(['iam-analyzer', '--all', '--json'], { root });
  const { findings, functions } = JSON.parse(stdout);

  expect(functions).toEqual([]);
  expect(findings).toHaveLength(3);
  expect(findings[0]).toMatchObject({ code: 'STACKS_NOT_MADE', level: 'not-checked', subject: 'broken' });
  expect(findings[0].message).toContain('no such thing');
  expect(`${findings[0].message}${stderr}`).not.toMatch(/node_modules|\.ts:\d+/);
  expect(findings[1]).toMatchObject({ level: 'error', subject: 'good' });
  // Security Lake has no such class, which only the author can mend.
  expect(findings[2]).toMatchObject({
    level: 'error',
    subject: 'other',
    message: expect.stringContaining('base_event'),
  });
  // A module that is wrong is a finding, not something to look at another day.
  expect(code).toBe(1);
}, 120_000);

test('a parameter that AWS does not give is not a mistake of the module', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
  onTestFinished(() => void vi.unstubAllEnvs());
  const config = join(mkdtempSync(join(tmpdir(), 'slake-config-')), 'c.yaml');
  const projectName = `\${ssm:/name}`;
  writeFileSync(
    config,
    `environment: dev\nawsRegion: us-east-1\nprojectName: '${projectName}'\nintegrations: { azure: {} }\n`,
  );

  const { code, stdout } = await slake(['iam-analyzer', '--module', 'azure', '--config', config, '--json']);

  expect(JSON.parse(stdout).findings).toMatchObject([{ code: 'STACKS_NOT_MADE', level: 'not-checked' }]);
  expect(code).toBe(0);
}, 60_000);

test('an action is explained by its calls and grants', async () => {
  const { code, stdout } = await slake([
    'iam-analyzer',
    '--module',
    'azure',
    '--explain',
    'secretsmanager:getsecretvalue',
  ]);

  expect(stdout).toMatch(
    /^secretsmanager:GetSecretValue\n {2}azure-processor\n {4}called {3}collector\/slake_collector\/secret\.py:\d+:\d+ {2}in _read\n {4}granted {2}ReadOwnSecret on .*:secret:azure-credentials-\?{6}\n$/,
  );
  expect(code).toBe(0);
}, 60_000);

test('the least statements of each function can be pasted', async () => {
  const { code, stdout } = await slake(['iam-analyzer', '--module', 'azure', '--suggest']);

  expect(stdout).toContain(
    `{ sid: 'ReadOwnSecret', actions: ['secretsmanager:GetSecretValue'], resources: [\`arn:\${partition}:secretsmanager:\${region}:\${accountId}:secret:azure-credentials-??????\`] },`,
  );
  expect(stdout).toContain('not known: its code is of the CDK, not of the project');
  expect(code).toBe(0);
}, 60_000);

test('a commit that is not there cannot be compared with, whatever the command is asked besides', async () => {
  const { code, stdout, stderr } = await slake(['iam-analyzer', '--module', 'azure', '--diff', 'no-such-branch']);

  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/git knows no commit no-such-branch.*\n.*"git branch --all".*\n {2}SLK-SCAN-004/);
});

describe('in a project of its own', () => {
  const git = (root: string, ...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      encoding: 'utf8',
    });

  /** A project with the azure module alone, whose code is that of this one. */
  function project(): string {
    const root = mkdtempSync(join(tmpdir(), 'slake-diff-'));
    for (const folder of ['collector', 'src', CDK_FOLDER]) {
      cpSync(join(ROOT, folder), join(root, folder), {
        recursive: true,
        filter: (path) => !/node_modules|\.out$/.test(path),
      });
    }
    for (const file of ['package.json', 'tsconfig.json']) cpSync(join(ROOT, file), join(root, file));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    return root;
  }

  test('without version control there is nothing to compare with', async () => {
    const { code, stderr } = await slake(['iam-analyzer', '--module', 'azure', '--diff', 'main'], { root: project() });

    expect(code).toBe(2);
    expect(stderr).toMatch(/--diff main .*not a git repository.*\n.*in a clone.*\n {2}SLK-SCAN-005/);
  });

  test('a base whose code makes no stacks is not checked, with exit code 2', async () => {
    const root = project();
    git(root, 'init', '--quiet');
    git(root, 'add', 'package.json');
    git(root, 'commit', '--quiet', '-m', 'Begin');

    const { code, stdout } = await slake(['iam-analyzer', '--module', 'azure', '--diff', 'HEAD'], { root });

    expect(stdout).toMatch(/NOT_COMPARED {2}the code of HEAD does not make its stacks here/);
    expect(stdout).toMatch(/azure-processor: 5 of 13 grants/);
    expect(code).toBe(2);
  }, 120_000);

  test('of a module that is new against the base, only its own access is new', async () => {
    const root = project();
    git(root, 'init', '--quiet');
    git(root, 'add', '.');
    git(root, 'commit', '--quiet', '-m', 'Begin');
    await slake(['new-module', '--module', 'okta'], { root });

    const { code, stdout } = await slake(['iam-analyzer', '--all', '--diff', 'HEAD', '--json'], { root });

    const { findings } = JSON.parse(stdout) as { findings: { code: string; subject: string }[] };
    expect([...new Set(findings.map((finding) => finding.code))]).toEqual(['NEW_ACCESS']);
    const stacks = findings.map(({ subject }) => subject.split('/')[0]);
    expect([...new Set(stacks)]).toEqual(['security-lake-integration-dev-okta']);
    expect(code).toBe(0);
  }, 120_000);
});

test('a rule is explained by its code, without a module', async () => {
  const { code, stdout } = await slake(['iam-analyzer', '--explain', 'unused_grant']);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^UNUSED_GRANT {2}What a role allows, its function calls/);
});

test.each([
  [['--module', 'azure', '--explain', 'sqs:SendMesage'], 'did you mean sqs:SendMessage?'],
  [['--policy', 'p.json', '--diff', 'main'], '--policy takes neither --diff nor --suggest nor --explain'],
  [
    ['--module', 'azure', '--suggest', '--diff', 'HEAD'],
    '--diff goes with neither --prove nor --suggest nor --explain',
  ],
  [['--explain', 'UNUSED_GRANTS'], 'did you mean UNUSED_GRANT?'],
])('a mistake is told: %j', async (line, message) => {
  const { code, stderr } = await slake(['iam-analyzer', ...line]);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
