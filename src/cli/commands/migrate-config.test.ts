// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { slake } from '../run.fixture.ts';

const MODULAR = `projectName: security-lake-integration
environment: dev
awsRegion: ca-central-1
accountId: ''
tagSource: Kit
tagProduct: Integration
tagKitVersion: 2.0.0
tags:
  - key: Owner
    value: Security-Team
encryption:
  enabled: true
  keyType: CUSTOMER_MANAGED_CMK
  keyAlias: lake
  keyPendingWindowInDays: 14
securityLake:
  enabled: true
  s3Bucket: aws-security-data-lake-ca-central-1-abc
  externalId: some-external-id
  serviceRole: SecurityLakeGlueCrawler
  OCSFEventClass:
    - sourceName: unified
      sourceVersion: '1.0'
coreProcessing:
  eventTransformer:
    memorySize: 512
    environment:
      LOGGING_LEVEL: WARNING
sqsQueue:
  visibilityTimeout: 300
  deadLetterQueue:
    maxReceiveCount: 3
monitoring:
  cloudWatchLogs:
    retentionDays: 90
  alarms:
    enabled: true
    emailEndpoints:
      - team@example.com
integrations:
  azure:
    enabled: true
    modulePath: modules/azure
    config:
      eventHubProcessor:
        enabled: true
        memorySize: 512
        timeout: 300
        schedule: rate(10 minutes)
        azureCredentialsSecretName: azure-eventhub-credentials
      flowLogProcessor:
        enabled: true
  google-scc:
    enabled: false
development:
  encryptionKeyType: AWS_OWNED_CMK
production:
  encryptionKeyType: CUSTOMER_MANAGED_CMK
surprise: 1
`;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'slake-migrate-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test('a modular configuration becomes a valid one, and every value is accounted for', async () => {
  const callerFolder = folder();
  writeFileSync(join(callerFolder, 'old.yaml'), MODULAR);
  const { code, stdout } = await slake(['migrate-config', '--input', 'old.yaml', '--output', 'new.yaml'], {
    callerFolder,
  });

  expect(stdout).toContain('new.yaml is valid');
  expect(stdout).toContain('has the stack security-lake-integration-dev too');
  expect(code).toBe(0);
  expect(parse(readFileSync(join(callerFolder, 'new.yaml'), 'utf8'))).toEqual({
    projectName: 'security-lake-integration',
    environment: 'dev',
    awsRegion: 'ca-central-1',
    tags: { Source: 'Kit', Product: 'Integration', KitVersion: '2.0.0', Owner: 'Security-Team' },
    encryption: 'CUSTOMER_MANAGED_CMK',
    securityLake: { s3Bucket: 'aws-security-data-lake-ca-central-1-abc', externalId: 'some-external-id' },
    kms: { pendingWindowDays: 14 },
    pipeline: { logLevel: 'WARN', maximumReceives: 3 },
    monitoring: { logRetentionDays: 90, alarms: { enabled: true, emails: ['team@example.com'] } },
    integrations: {
      azure: {
        enabled: true,
        config: {
          eventHub: {
            memoryMb: 512,
            timeoutSeconds: 300,
            schedule: 'rate(10 minutes)',
            credentialsSecretName: 'azure-eventhub-credentials',
          },
        },
      },
    },
    environments: {
      dev: { encryption: 'AWS_OWNED_CMK' },
      staging: { encryption: 'AWS_OWNED_CMK' },
      prod: { encryption: 'CUSTOMER_MANAGED_CMK' },
    },
  });
  expect(stdout).toMatch(/old\.yaml:21:3 +securityLake\.OCSFEventClass +not carried over +lake sources follow/);
  expect(stdout).toMatch(/integrations\.google-scc\.enabled +not carried over +has no counterpart/);
  expect(stdout).toMatch(/surprise +not carried over +has no counterpart; CONFIG_SCHEMA\.md/);
});

test('the format before modules keeps its integration and its secret', async () => {
  const callerFolder = folder();
  const old = `projectName: lake
environment: dev
awsRegion: us-east-1
securityLake:
  externalId: some-external-id
azureIntegration:
  enabled: true
  secretsManager:
    secretName: hub-credentials
lambdaFunctions:
  eventHubProcessor:
    enabled: false
    schedule: rate(5 minutes)
`;
  writeFileSync(join(callerFolder, 'old.yaml'), old);
  await slake(['migrate-config', '--input', 'old.yaml', '--output', 'new.yaml'], { callerFolder });

  expect(parse(readFileSync(join(callerFolder, 'new.yaml'), 'utf8')).integrations).toEqual({
    azure: {
      enabled: false,
      config: { eventHub: { credentialsSecretName: 'hub-credentials', schedule: 'rate(5 minutes)' } },
    },
  });
});

test('nothing is overwritten, and what cannot be read is told with its place', async () => {
  const callerFolder = folder();
  writeFileSync(join(callerFolder, 'old.yaml'), 'a: [\n');
  writeFileSync(join(callerFolder, 'new.yaml'), 'kept');
  const there = await slake(['migrate-config', '--input', 'old.yaml', '--output', 'new.yaml'], { callerFolder });
  const broken = await slake(['migrate-config', '--input', 'old.yaml', '--output', 'other.yaml'], { callerFolder });

  expect(there).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
  expect(broken).toMatchObject({ code: 2, stderr: expect.stringMatching(/old\.yaml:\d+:\d+: /) });
  expect(readFileSync(join(callerFolder, 'new.yaml'), 'utf8')).toBe('kept');
});

test('a file that lacks what is needed now is written, and it is said what to add', async () => {
  const callerFolder = folder();
  writeFileSync(
    join(callerFolder, 'old.yaml'),
    'projectName: lake\nenvironment: dev\nawsRegion: us-east-1\ntagSource: Kit\n',
  );
  const { code, stdout } = await slake(['migrate-config', '--input', 'old.yaml', '--output', 'new.yaml'], {
    callerFolder,
  });

  expect(code).toBe(1);
  expect(stdout).toMatch(/securityLake.* is missing/);
  expect(stdout).toContain('new.yaml is not valid yet');
});

test('of a file of the present format nothing is written; it is checked', async () => {
  const callerFolder = folder();
  const present = `projectName: lake
environment: dev
awsRegion: us-east-1
securityLake: { externalId: some-external-id }
monitoring: { alarms: { email: [] } }
`;
  writeFileSync(join(callerFolder, 'old.yaml'), present);
  const line = ['migrate-config', '--input', 'old.yaml', '--output', 'new.yaml'];
  const misspelt = await slake(line, { callerFolder });
  writeFileSync(join(callerFolder, 'old.yaml'), present.replace('email', 'emails'));
  const right = await slake(line, { callerFolder });

  expect(misspelt).toMatchObject({ code: 1, stdout: expect.stringContaining('did you mean emails?') });
  expect(right.stdout).toBe(
    'old.yaml holds no key of the former format: there is nothing to carry over\nold.yaml is valid\n',
  );
  expect(right.code).toBe(0);
  expect(existsSync(join(callerFolder, 'new.yaml'))).toBe(false);
});

test('a value of Parameter Store is not checked, rather than wrong', async () => {
  const callerFolder = folder();
  writeFileSync(join(callerFolder, 'old.yaml'), MODULAR.replace('some-external-id', `\${ssm:/lake/external-id}`));
  const { code, stdout } = await slake(['migrate-config', '--input', 'old.yaml', '--output', 'new.yaml'], {
    callerFolder,
  });

  expect(stdout).toContain('without, this value is not checked');
  expect(stdout).toContain('new.yaml is valid');
  expect(code).toBe(0);
});

test('what the rules of a deployment find in the new file is told', async () => {
  const callerFolder = folder();
  writeFileSync(join(callerFolder, 'old.yaml'), MODULAR.replace('rate(10 minutes)', 'rate(1 minute)'));
  const { code, stdout } = await slake(['migrate-config', '--input', 'old.yaml', '--output', 'new.yaml'], {
    callerFolder,
  });

  expect(stdout).toMatch(/new\.yaml:\d+:\d+ .*schedule: warning: azure-processor runs at rate\(1 minute\)/);
  expect(stdout).toContain('new.yaml is valid');
  expect(code).toBe(0);
});

test('JSON tells every value with its line', async () => {
  const callerFolder = folder();
  writeFileSync(join(callerFolder, 'old.yaml'), MODULAR);
  const { code, stdout } = await slake(['migrate-config', '--input', 'old.yaml', '--output', 'new.yaml', '--json'], {
    callerFolder,
  });

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    valid: true,
    values: expect.arrayContaining([
      { from: 'awsRegion', line: 3, column: 1, to: ['awsRegion'] },
      expect.objectContaining({ from: 'surprise', to: [], why: expect.stringContaining('has no counterpart') }),
    ]),
  });
});

test.each([
  [['--input', 'absent.yaml', '--output', 'new.yaml'], 'absent.yaml: there is no such file'],
  [['--input', '.', '--output', 'new.yaml'], 'it is a folder'],
  [['--input', 'old.yaml', '--output', 'old.yaml', '--force'], 'another one'],
  [['--input', 'old.yaml', '--output', 'no/folder/new.yaml'], 'cannot be written'],
  [['--input', 'old.yaml'], 'name both files'],
])('%j is refused: %s', async (line, why) => {
  const callerFolder = folder();
  writeFileSync(join(callerFolder, 'old.yaml'), MODULAR);

  expect(await slake(['migrate-config', ...line], { callerFolder })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(why),
  });
});
