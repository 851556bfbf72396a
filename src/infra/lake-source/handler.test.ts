// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedAws, freePort, startEmbeddedAws } from '../../local/embedded-aws/index.ts';
import { zipFolder } from '../../local/embedded-aws/zip.fixture.ts';
import { type SecurityLakeStandIn, startSecurityLake } from '../../local/security-lake/index.ts';
import { bundleHandler, projectPython } from '../bundling/index.ts';

const ACCOUNT = '111122223333';
const REGION = 'us-east-1';
const stateFolder = mkdtempSync(join(tmpdir(), 'lake-source-handler-'));
const options = { region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'embedded' } };
let aws: EmbeddedAws;
let standIn: SecurityLakeStandIn;
let lambda: LambdaClient;

beforeAll(async () => {
  const port = await freePort();
  aws = await startEmbeddedAws({
    python: projectPython(),
    stateFolder,
    region: REGION,
    accountId: ACCOUNT,
    environment: { AWS_ENDPOINT_URL_SECURITYLAKE: `http://127.0.0.1:${port}` },
  });
  standIn = await startSecurityLake({ aws, region: REGION, accountId: ACCOUNT, port });
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  const iam = new IAMClient({ ...options, endpoint: aws.endpoint });
  await iam.send(new CreateRoleCommand({ RoleName: 'crawler', AssumeRolePolicyDocument }));
  lambda = new LambdaClient({ ...options, endpoint: aws.endpoint });
  const entry = fileURLToPath(new URL('handler.ts', import.meta.url));
  const asset = bundleHandler({ entry, cacheFolder: join(stateFolder, 'cache') });
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'lake-source',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: `arn:aws:iam::${ACCOUNT}:role/lake-source`,
      Timeout: 60,
      Code: { ZipFile: zipFolder(asset.folder) },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: 'lake-source' });
}, 120_000);

afterAll(async () => {
  await standIn.stop();
  await aws.stop();
  rmSync(stateFolder, { recursive: true, force: true });
});

async function invoke(event: object) {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'lake-source', Payload: JSON.stringify(event) }));
  return { error: answer.FunctionError, payload: JSON.parse(Buffer.from(answer.Payload ?? []).toString()) };
}

function create(crawler: string) {
  return {
    RequestType: 'Create',
    ResourceProperties: {
      sourceName: 'azure-2004',
      eventClass: 'DETECTION_FINDING',
      crawlerRoleArn: `arn:aws:iam::${ACCOUNT}:role/${crawler}`,
      externalId: 'the-external-id',
      principal: ACCOUNT,
    },
  };
}

test('as a function it reaches Security Lake by its endpoint variable and answers for CloudFormation', async () => {
  expect(await invoke(create('crawler'))).toEqual({
    error: undefined,
    payload: {
      PhysicalResourceId: 'azure-2004',
      Data: {
        Location: `s3://${standIn.bucket}/ext/azure-2004/`,
        ProviderRoleArn: `arn:aws:iam::${ACCOUNT}:role/AmazonSecurityLake-Provider-azure-2004-us-east-1`,
        SourceName: 'azure-2004',
      },
    },
  });
});

test('a failure carries its code and what to do, and not the external id', async () => {
  const event = create('crawler');
  const { error, payload } = await invoke({
    ...event,
    ResourceProperties: { ...event.ResourceProperties, principal: '1' },
  });
  expect(error).toBe('Unhandled');
  expect(payload.errorMessage).toMatch(/^SLK-LAKE-004: .*azure-2004.*delete-custom-log-source/);
  expect(JSON.stringify(payload)).not.toContain('the-external-id');
});
