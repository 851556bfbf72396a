// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { ROOT, slake } from '../run.fixture.ts';

async function validate(text: string, ...more: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'slake-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'test-config.yaml'), text);
  return slake(['validate-config', '--config', 'test-config.yaml', ...more], { callerFolder: folder });
}

const VALID = `projectName: security-lake-integration
environment: dev
awsRegion: us-east-1
securityLake:
  externalId: security-lake-integration-test
integrations:
  azure:
    enabled: true
`;

test.each(['config.example.yaml', 'config.test.yaml'])(
  '%s is valid, and it is said what it would deploy',
  async (file) => {
    const { code, stdout } = await slake(['validate-config', '--config', file], {
      callerFolder: join(ROOT, CDK_FOLDER),
    });

    expect(code).toBe(0);
    expect(stdout).toMatch(/stack security-lake-integration-dev-azure/);
    expect(stdout).toMatch(/azure-3002 +authentication +azure/);
    expect(stdout).toMatch(/azure-processor +rate\(5 minutes\) +300 s/);
  },
);

test('with a parameter that cannot be read, it is said that nothing can be told of what it would deploy', async () => {
  const parameter = '/slake/external-id';
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nowhere');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { code, stdout } = await validate(VALID.replace('security-lake-integration-test', `\${ssm:${parameter}}`));

  expect(stdout).toContain('1 not checked');
  expect(stdout).toContain('and Parameter Store answers CredentialsProviderError');
  expect(stdout).toContain('can be told once the values that are not checked are read');
  expect(stdout).not.toContain('It would deploy');
  expect(code).toBe(0);
});

test('the fragment of the packaging guide is a piece of a configuration', async () => {
  const { code, stdout } = await validate(
    'integrations:\n  azure:\n    enabled: true\n    config:\n      # Add test configuration\n',
  );

  expect(code).toBe(0);
  expect(stdout).toContain('A piece of a configuration');
});

test('all problems are told at once, each at its place with what is allowed', async () => {
  const { code, stdout } = await validate(
    VALID.replace('dev', 'production')
      .replace('us-east-1', 'mars-1')
      .replace(
        'enabled: true',
        'enabled: true\n    config:\n      eventHub:\n        memoryMb: 20000\n        sheduled: 1',
      ),
  );

  expect(code).toBe(1);
  expect(stdout).toMatch(/test-config\.yaml:2:1/);
  expect(stdout).toMatch(/awsRegion: .*mars-1/);
  expect(stdout).toMatch(/integrations\.azure\.config\.eventHub\.memoryMb: .*10240.*20000/);
  expect(stdout).toMatch(/sheduled/);
  expect(stdout).toContain('5 errors');
});

test('a schedule that is faster than the timeout is a warning', async () => {
  const { code, stdout } = await validate(
    VALID.replace('enabled: true', 'enabled: true\n    config:\n      eventHub:\n        schedule: rate(1 minute)'),
  );

  expect(code).toBe(0);
  expect(stdout).toContain('azure-processor runs at rate(1 minute) and may take 300 s');
  expect(stdout).toContain('test-config.yaml:11:9');
});

test('a module that is configured rightly is held to all rules, whatever else is wrong', async () => {
  const { code, stdout } = await validate(
    VALID.replace('us-east-1', 'mars-1').replace(
      'enabled: true',
      'enabled: true\n    config:\n      eventHub:\n        schedule: rate(1 minute)',
    ),
  );

  expect(code).toBe(1);
  expect(stdout).toContain('mars-1');
  expect(stdout).toContain('azure-processor runs at rate(1 minute) and may take 300 s');
});

/** A configuration of the module `good`, whose mappings are made for OCSF 1.3.0 alone. */
async function validateGood(text: string) {
  const root = mkdtempSync(join(tmpdir(), 'slake-root-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const modules = join(root, CDK_FOLDER, 'modules');
  mkdirSync(dirname(modules), { recursive: true });
  symlinkSync(join(ROOT, 'src/module/fixtures/modules'), modules);
  // What the modules import three folders up, wherever a link is followed from.
  writeFileSync(join(modules, '..', '..', 'index.ts'), `export * from '${join(ROOT, 'src/module/index.ts')}';\n`);
  writeFileSync(join(root, 'test-config.yaml'), text.replaceAll('azure', 'good'));
  return slake(['validate-config', '--config', 'test-config.yaml'], { root });
}

test('an OCSF version that the mappings of a module are not made for is an error, as it is in a synthesis', async () => {
  const { code, stdout } = await validateGood(VALID.replace('externalId:', "ocsfVersion: '1.1.0'\n  externalId:"));

  expect(code).toBe(1);
  expect(stdout).toMatch(/securityLake\.ocsfVersion: the module good cannot write OCSF 1\.1\.0/);
  expect(stdout).toContain('test-config.yaml:5:3');
});

test('a value of its environment is shown where it is written', async () => {
  const { code, stdout } = await validateGood(
    `${VALID}environments:\n  dev:\n    integrations: { azure: { ocsfVersion: '1.1.0' } }\n`,
  );

  expect(code).toBe(1);
  expect(stdout).toContain('test-config.yaml:11:29');
});

test('JSON tells the summary, or the findings', async () => {
  const { stdout } = await validate(VALID, '--json');

  expect(JSON.parse(stdout)).toMatchObject({
    valid: true,
    fragment: false,
    summary: { stacks: ['security-lake-integration-dev', 'security-lake-integration-dev-azure'] },
  });
});

test('without modules there are no tables', async () => {
  const { code, stdout } = await validate(VALID.replace(/integrations:.*/s, 'integrations: {}\n'));

  expect(stdout).toBe(
    'It would deploy\n  stack security-lake-integration-dev\n  no module, so that no source is read\n\nnothing found\n',
  );
  expect(code).toBe(0);
});

test('a file that is not there could not be checked', async () => {
  const { code, stdout } = await slake(['validate-config', '--config', 'nothing.yaml']);

  expect(code).toBe(2);
  expect(stdout).toContain('there is no such file');
});
