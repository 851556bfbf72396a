// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, GetRoleCommand, GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AccessDeniedException,
  BadRequestException,
  ConflictException,
  CreateCustomLogSourceCommand,
  type CreateCustomLogSourceCommandInput,
  DeleteCustomLogSourceCommand,
  paginateListLogSources,
  ResourceNotFoundException,
  SecurityLakeClient,
} from '@aws-sdk/client-securitylake';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectPython } from '../../infra/bundling/project-python.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded-aws/index.ts';
import { type SecurityLakeStandIn, startSecurityLake } from './index.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const CRAWLER = `arn:aws:iam::${ACCOUNT}:role/service-role/glue-crawler`;
const stateFolder = mkdtempSync(join(tmpdir(), 'security-lake-'));
const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'embedded' };
let aws: EmbeddedAws;
let standIn: SecurityLakeStandIn;
let lake: SecurityLakeClient;

beforeAll(async () => {
  aws = await startEmbeddedAws({ python: projectPython(), stateFolder, region: REGION, accountId: ACCOUNT });
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  await iam().send(
    new CreateRoleCommand({
      RoleName: 'glue-crawler',
      Path: '/service-role/',
      AssumeRolePolicyDocument: JSON.stringify(trust),
    }),
  );
  standIn = await startSecurityLake({ aws, region: REGION, accountId: ACCOUNT });
  lake = new SecurityLakeClient({ endpoint: standIn.endpoint, region: REGION, credentials });
}, 120_000);

afterAll(async () => {
  await standIn.stop();
  await aws.stop();
  rmSync(stateFolder, { recursive: true, force: true });
});

function iam() {
  return new IAMClient({ endpoint: aws.endpoint, region: REGION, credentials });
}

function source(sourceName: string): CreateCustomLogSourceCommandInput {
  return {
    sourceName,
    eventClasses: ['DETECTION_FINDING'],
    configuration: {
      crawlerConfiguration: { roleArn: CRAWLER },
      providerIdentity: { externalId: 'an-external-id', principal: ACCOUNT },
    },
  };
}

async function names(): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const page of paginateListLogSources({ client: lake }, {})) {
    for (const group of page.sources ?? []) {
      for (const item of group.sources ?? []) found.push(item.customLogSource?.sourceName);
    }
  }
  return found;
}

test('answers location and provider role in the form of the service', async () => {
  const answer = await lake.send(new CreateCustomLogSourceCommand({ ...source('azure-2004'), sourceVersion: '1.0' }));
  expect(answer.source).toEqual({
    sourceName: 'azure-2004',
    sourceVersion: '1.0',
    provider: {
      location: expect.stringMatching(
        /^s3:\/\/aws-security-data-lake-eu-central-1-[a-z0-9]{25,30}\/ext\/azure-2004\/$/,
      ),
      roleArn: `arn:aws:iam::${ACCOUNT}:role/AmazonSecurityLake-Provider-azure-2004-eu-central-1`,
    },
    attributes: {
      crawlerArn: `arn:aws:glue:eu-central-1:${ACCOUNT}:crawler/azure-2004`,
      databaseArn: `arn:aws:glue:eu-central-1:${ACCOUNT}:database/amazon_security_lake_glue_db_eu_central_1`,
      tableArn: `arn:aws:glue:eu-central-1:${ACCOUNT}:table/amazon_security_lake_table_eu_central_1_ext_azure_2004`,
    },
  });
  expect(standIn.bucket.length).toBeLessThanOrEqual(63);
  expect(answer.source?.provider?.location).toBe(`s3://${standIn.bucket}/ext/azure-2004/`);
});

test('the provider role can be assumed with the external id and writes below the location', async () => {
  const { source: made } = await lake.send(new CreateCustomLogSourceCommand(source('writer')));
  const sts = new STSClient({ endpoint: aws.endpoint, region: REGION, credentials });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: made?.provider?.roleArn, RoleSessionName: 'test', ExternalId: 'an-external-id' }),
  );
  const s3 = new S3Client({
    endpoint: aws.endpoint,
    region: REGION,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    },
  });
  const object = { Bucket: standIn.bucket, Key: 'ext/writer/region=eu-central-1/x.parquet' };
  await s3.send(new PutObjectCommand({ ...object, Body: 'PAR1' }));
  expect(await (await s3.send(new GetObjectCommand(object))).Body?.transformToString()).toBe('PAR1');
});

test('the provider role trusts the principal under the external id, and may write to its prefix only', async () => {
  await lake.send(new CreateCustomLogSourceCommand(source('trusted')));
  const RoleName = `AmazonSecurityLake-Provider-trusted-${REGION}`;
  const { Role } = await iam().send(new GetRoleCommand({ RoleName }));
  const [trust] = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).Statement;
  expect(trust.Principal).toEqual({ AWS: `arn:aws:iam::${ACCOUNT}:root` });
  expect(trust.Condition).toEqual({ StringEquals: { 'sts:ExternalId': 'an-external-id' } });
  const policy = await iam().send(new GetRolePolicyCommand({ RoleName, PolicyName: 'PutObjectsOfThisSource' }));
  expect(JSON.parse(decodeURIComponent(policy.PolicyDocument ?? '')).Statement).toEqual([
    { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${standIn.bucket}/ext/trusted/*` },
  ]);
});

test('a second source of the same name is a conflict', async () => {
  await lake.send(new CreateCustomLogSourceCommand(source('twice')));
  const again = lake.send(new CreateCustomLogSourceCommand(source('twice')));
  await expect(again).rejects.toBeInstanceOf(ConflictException);
  await expect(again).rejects.toMatchObject({ resourceName: 'twice', $metadata: { httpStatusCode: 409 } });
});

test('a deleted source is gone and its role with it; deleting it again finds nothing', async () => {
  await lake.send(new CreateCustomLogSourceCommand(source('short-lived')));
  expect(await names()).toContain('short-lived');
  await lake.send(new DeleteCustomLogSourceCommand({ sourceName: 'short-lived' }));
  expect(await names()).not.toContain('short-lived');
  const role = iam().send(new GetRoleCommand({ RoleName: `AmazonSecurityLake-Provider-short-lived-${REGION}` }));
  await expect(role).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  const again = lake.send(new DeleteCustomLogSourceCommand({ sourceName: 'short-lived' }));
  await expect(again).rejects.toBeInstanceOf(ResourceNotFoundException);
});

describe('refuses with BadRequestException', () => {
  const identity = { externalId: 'an-external-id', principal: ACCOUNT };
  const crawler = { roleArn: CRAWLER };
  const cases: readonly [string, Partial<CreateCustomLogSourceCommandInput>, RegExp][] = [
    ['a name of 21 characters', { sourceName: 'a'.repeat(21) }, /sourceName.*20/],
    ['a name with a blank', { sourceName: 'two words' }, /sourceName/],
    ['no name', { sourceName: undefined }, /sourceName/],
    ['an unknown event class', { eventClasses: ['DETECTION'] }, /eventClasses.0/],
    ['a version with a slash', { sourceVersion: '1/2' }, /sourceVersion/],
    ['no configuration', { configuration: undefined }, /configuration/],
    [
      'an external id of one character',
      { configuration: { crawlerConfiguration: crawler, providerIdentity: { ...identity, externalId: 'x' } } },
      /externalId/,
    ],
    [
      'a principal that is no account',
      { configuration: { crawlerConfiguration: crawler, providerIdentity: { ...identity, principal: 'me' } } },
      /principal/,
    ],
    [
      'a crawler role that does not exist',
      {
        configuration: {
          crawlerConfiguration: { roleArn: `arn:aws:iam::${ACCOUNT}:role/absent` },
          providerIdentity: identity,
        },
      },
      /crawler role .*absent/,
    ],
  ];
  test.each(cases)('%s', async (_name, change, message) => {
    const request = lake.send(
      new CreateCustomLogSourceCommand({ ...source('refused'), ...change } as CreateCustomLogSourceCommandInput),
    );
    await expect(request).rejects.toBeInstanceOf(BadRequestException);
    await expect(request).rejects.toThrow(message);
  });
});

test('a request signed for another service is denied', async () => {
  const response = await fetch(`${standIn.endpoint}/v1/datalake/logsources/list`, { method: 'POST', body: '{}' });
  expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([403, AccessDeniedException.name]);
});

test('an account has at most 50 sources', async () => {
  const before = (await names()).length;
  for (let index = before; index < 50; index += 1) {
    await lake.send(new CreateCustomLogSourceCommand(source(`filler-${index}`)));
  }
  await expect(lake.send(new CreateCustomLogSourceCommand(source('one-more')))).rejects.toThrow(/50/);
});
