// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test, vi } from 'vitest';
import { reachEmbeddedAws } from '../../local/embedded-aws/reached.fixture.ts';
import { ROOT, slake } from '../run.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'slake-secrets-'));
const CONNECTION = 'Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=listen;SharedAccessKey=sesame';
const LINE = ['configure-secrets', '--module', 'azure', '--config', 'config.test.yaml'];
reachEmbeddedAws(folder, { accountId: '123456789012', region: 'us-east-1' });

function file(value: unknown): string {
  const path = join(folder, 'value.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

async function stored(): Promise<unknown> {
  const client = new SecretsManagerClient({ region: 'us-east-1' });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'azure-credentials' }));
  return JSON.parse(SecretString ?? '');
}

test('a secret is created, then written anew, under the name and key of the configuration', async () => {
  const made = await slake([...LINE, '--file', file({ connectionString: CONNECTION, eventHubName: 'one' })]);

  expect(made.stderr).toBe('');
  expect(made.code).toBe(0);
  expect(made.stdout).toContain('created  azure-credentials in us-east-1');
  expect(made.stdout).not.toContain('sesame');
  expect(await stored()).toEqual({ connectionString: CONNECTION, eventHubName: 'one' });
  const described = await new SecretsManagerClient({ region: 'us-east-1' }).send(
    new DescribeSecretCommand({ SecretId: 'azure-credentials' }),
  );
  expect(described.KmsKeyId).toBe('alias/security-lake-integration-dev');

  const changed = await slake([...LINE, '--json', '--file', file({ connectionString: CONNECTION })]);
  expect(JSON.parse(changed.stdout)).toEqual({
    module: 'azure',
    name: 'azure-credentials',
    outcome: 'changed',
    hasKey: true,
    region: 'us-east-1',
  });
  expect(await stored()).toEqual({ connectionString: CONNECTION });
});

test('a value may come from standard input', async () => {
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'src', 'cli', 'main.ts'), ...LINE], {
    cwd: ROOT,
    input: JSON.stringify({ connectionString: CONNECTION, consumerGroup: 'piped' }),
    encoding: 'utf8',
  });

  expect(stdout).toContain('azure-credentials');
  expect(status).toBe(0);
  expect(await stored()).toMatchObject({ consumerGroup: 'piped' });
});

test('what the module cannot use is refused before it is written, and no value is shown', async () => {
  const before = await stored();

  const { code, stdout, stderr } = await slake([...LINE, '--file', file({ connectionString: 'sesame', hub: 'x' })]);

  expect(code).toBe(2);
  expect(stderr).toContain('connectionString: must begin with Endpoint=sb://; hub: not known here');
  expect(stdout + stderr).not.toContain('sesame');
  expect(await stored()).toEqual(before);
});

test('what is missing on the command line, or leads nowhere, is told', async () => {
  const messages = await Promise.all(
    [
      ['configure-secrets', '--config', 'config.test.yaml'],
      ['configure-secrets', '--module', 'azure'],
      ['configure-secrets', '--module', 'okta', '--config', 'config.test.yaml'],
      [...LINE, '--file', join(folder, 'none.json')],
      [...LINE, '--secret', 'other', '--file', file('{}')],
    ].map(async (line) => {
      const { code, stderr } = await slake(line);
      expect(code).toBe(2);
      return stderr;
    }),
  );

  expect(messages[0]).toContain('--module is needed');
  expect(messages[1]).toContain('--config is needed');
  expect(messages[2]).toContain('has no module okta');
  expect(messages[3]).toContain('there is no file');
  expect(messages[4]).toContain('azure has the secrets azure-credentials');
});

test('a Secrets Manager that refuses is told with what it takes', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');

  const { code, stderr } = await slake([...LINE, '--file', file({ connectionString: CONNECTION })]);

  expect(code).toBe(2);
  expect(stderr).toContain('SLK-OPERATE-005');
  expect(stderr).not.toContain('sesame');
});
