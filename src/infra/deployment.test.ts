// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readDeployment, targetOf } from './deployment.ts';

const modulesFolder = fileURLToPath(new URL('../module/fixtures/modules', import.meta.url));
const appFolder = mkdtempSync(join(tmpdir(), 'slake-deployment-'));
const callerFolder = mkdtempSync(join(tmpdir(), 'slake-deployment-'));

function read(configFile: string | undefined) {
  return readDeployment({ configFile, folders: [callerFolder, appFolder], modulesFolder });
}

function write(folder: string, name: string, integrations: string) {
  const text = `environment: dev\nawsRegion: us-east-1\nsecurityLake: { externalId: test-id }\nintegrations: ${integrations}\n`;
  writeFileSync(join(folder, name), text);
  return name;
}

test('a configuration is found from the caller first, then from the app, and brings its modules', async () => {
  write(appFolder, 'both.yaml', '{}');
  write(callerFolder, 'both.yaml', '{ good: { enabled: true } }');

  expect((await read('both.yaml')).modules.map(({ id }) => id)).toEqual(['good']);
  expect((await read(write(appFolder, 'app.yaml', '{}'))).modules).toEqual([]);
});

test('an enabled module that does not load ends the synthesis with its own reason', async () => {
  const file = write(appFolder, 'broken.yaml', '{ good: { enabled: true }, import-fails: { enabled: true } }');

  await expect(read(file)).rejects.toThrow('the vendor kit is not installed');
});

test('a stopped module that does not load is left as it is deployed, and said so', async () => {
  const file = write(appFolder, 'stopped.yaml', '{ good: { enabled: true }, import-fails: { enabled: false } }');
  const { modules, leftOut } = await read(file);

  expect(modules.map(({ id }) => id)).toEqual(['good']);
  expect(leftOut.map(({ id }) => id)).toEqual(['import-fails']);
});

test('no file, an absent file and a wrong one are told', async () => {
  await expect(read(undefined)).rejects.toThrow('No configuration file was named');
  await expect(read('absent.yaml')).rejects.toThrow('absent.yaml');
  await expect(read(write(appFolder, 'wrong.yaml', '{ good: { enabled: maybe } }'))).rejects.toThrow('wrong.yaml');
});

test('functions run where the deployment goes: a loopback endpoint means this machine', () => {
  expect(targetOf(undefined, undefined)).toBe('aws');
  expect(targetOf(undefined, 'http://127.0.0.1:4566')).toBe('host');
  expect(targetOf(undefined, 'http://localhost:4566')).toBe('host');
  expect(targetOf(undefined, 'https://vpce-1.lambda.us-east-1.vpce.amazonaws.com')).toBe('aws');
  expect(targetOf('aws', 'http://127.0.0.1:4566')).toBe('aws');
  expect(() => targetOf('moon', undefined)).toThrow('"moon"');
});
