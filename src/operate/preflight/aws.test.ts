// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { projectPython } from '../../infra/bundling/project-python.ts';
import type { Deployment } from '../../infra/deployment.ts';
import { configure, loadedModule } from '../../infra/stacks.fixture.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../local/embedded-aws/index.ts';
import { accountItem, flawOf, lakeItem, secretsItem } from './aws.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const stateFolder = mkdtempSync(join(tmpdir(), 'slake-preflight-'));
let aws: EmbeddedAws;
/** Answers ListDataLakes, which the embedded AWS does not have. */
let securityLake: Server;
let dataLakes: object | undefined;

beforeAll(async () => {
  aws = await startEmbeddedAws({
    python: projectPython(),
    stateFolder,
    accountId: ACCOUNT,
    region: REGION,
    environment: {},
  });
  securityLake = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    if (dataLakes === undefined) {
      response.setHeader('x-amzn-errortype', 'AccessDeniedException');
      response.statusCode = 403;
    }
    response.end(JSON.stringify(dataLakes ?? { message: 'no' }));
  });
  await new Promise<void>((ready) => securityLake.listen(0, '127.0.0.1', ready));
}, 120_000);

beforeEach(() => {
  dataLakes = undefined;
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  vi.stubEnv('AWS_ENDPOINT_URL_SECURITYLAKE', `http://127.0.0.1:${(securityLake.address() as AddressInfo).port}`);
});

afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  securityLake.close();
  await aws.stop();
  rmSync(stateFolder, { recursive: true, force: true });
});

function lake(s3Bucket?: string) {
  return lakeItem(configure({ securityLake: { externalId: 'slake', ...(s3Bucket ? { s3Bucket } : {}) } }));
}

function deployed(secretName: string, enabled = true): Deployment {
  const configuration = configure({ integrations: { feeds: { enabled, config: { secretName } } } });
  return { configuration, modules: [loadedModule()], problems: [], leftOut: [] };
}

test('the account of the credentials is the one that is deployed to, or it fails', async () => {
  expect(await accountItem(configure())).toMatchObject({ state: 'ok' });
  expect(await accountItem(configure({ accountId: ACCOUNT }))).toMatchObject({ state: 'ok' });
  expect(await accountItem(configure({ accountId: '999988887777' }))).toMatchObject({
    state: 'failed',
    evidence: [`the credentials are of account ${ACCOUNT}, accountId says 999988887777`],
  });
});

test('a secret that is there is fine, one that is not or is being deleted fails, and no value is shown', async () => {
  const client = new SecretsManagerClient({ region: REGION });
  const value = ['not', 'to', 'be', 'shown'].join('-');
  for (const Name of ['there', 'going']) await client.send(new CreateSecretCommand({ Name, SecretString: value }));
  await client.send(new DeleteSecretCommand({ SecretId: 'going' }));

  const there = await secretsItem(deployed('there'));
  expect(there.state).toBe('ok');
  expect(JSON.stringify(there)).not.toContain(value);
  expect(await secretsItem(deployed('going'))).toMatchObject({ state: 'failed' });
  expect(await secretsItem(deployed('absent'))).toMatchObject({
    state: 'failed',
    evidence: ['absent does not exist'],
    fix: expect.stringContaining('npm run configure-secrets'),
  });
});

test('a secret that was made without a value is none', () => {
  expect(flawOf({ VersionIdsToStages: { a: ['AWSCURRENT'] } })).toBeUndefined();
  expect(flawOf({ VersionIdsToStages: { a: ['AWSPENDING'] } })).toBe('has no value yet');
  expect(flawOf({})).toBe('has no value yet');
});

test('a stopped module needs no secret', async () => {
  expect(await secretsItem(deployed('absent', false))).toMatchObject({ state: 'ok' });
});

test('a bucket that is there is fine, one that is not fails, and none that is known is not checked', async () => {
  await new S3Client({ region: REGION, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: 'lake', CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );

  expect(await lake('lake')).toMatchObject({
    state: 'ok',
    evidence: ['lake is there', expect.stringContaining('not asked')],
  });
  expect(await lake('no-lake')).toMatchObject({ state: 'failed' });
  expect(await lake()).toMatchObject({ state: 'not-checked' });
});

test('where Security Lake answers, its bucket counts', async () => {
  dataLakes = { dataLakes: [{ region: REGION, createStatus: 'COMPLETED', s3BucketArn: 'arn:aws:s3:::lake' }] };
  expect(await lake()).toMatchObject({ state: 'ok', evidence: ['lake is there'] });
  expect(await lake('another')).toMatchObject({ state: 'failed' });
  dataLakes = { dataLakes: [] };
  expect(await lake('lake')).toMatchObject({
    state: 'failed',
    evidence: [`Security Lake is not enabled in ${REGION}`],
  });
});

test('without credentials, or without an answer, nothing is checked and the reason is told', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
  for (const outcome of [await accountItem(configure()), await secretsItem(deployed('there')), await lake('lake')]) {
    expect(outcome).toMatchObject({
      state: 'not-checked',
      evidence: [expect.stringContaining('ECONNREFUSED'), ...outcome.evidence.slice(1)],
    });
  }
});
