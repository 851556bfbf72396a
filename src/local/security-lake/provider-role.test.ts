// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateCustomLogSourceCommand, SecurityLakeClient } from '@aws-sdk/client-securitylake';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectPython } from '../../infra/bundling/project-python.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded-aws/index.ts';
import { type SecurityLakeStandIn, startSecurityLake } from './index.ts';

const ACCOUNT = '111122223333';
const region = 'us-east-1';
const stateFolder = mkdtempSync(join(tmpdir(), 'provider-role-'));
const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'embedded' };
let aws: EmbeddedAws;
let standIn: SecurityLakeStandIn;
let roleArn: string;

beforeAll(async () => {
  const accountId = ACCOUNT;
  aws = await startEmbeddedAws({ python: projectPython(), stateFolder, region, accountId, enforcePermissions: true });
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  const iam = new IAMClient({ endpoint: aws.endpoint, region, credentials });
  await iam.send(new CreateRoleCommand({ RoleName: 'crawler', AssumeRolePolicyDocument }));
  standIn = await startSecurityLake({ aws, region, accountId });
  const lake = new SecurityLakeClient({ endpoint: standIn.endpoint, region, credentials });
  const { source } = await lake.send(
    new CreateCustomLogSourceCommand({
      sourceName: 'azure-2004',
      configuration: {
        crawlerConfiguration: { roleArn: `arn:aws:iam::${ACCOUNT}:role/crawler` },
        providerIdentity: { externalId: 'right', principal: ACCOUNT },
      },
    }),
  );
  roleArn = source?.provider?.roleArn ?? '';
}, 120_000);

afterAll(async () => {
  await standIn.stop();
  await aws.stop();
  rmSync(stateFolder, { recursive: true, force: true });
});

async function assume(ExternalId?: string): Promise<S3Client> {
  const sts = new STSClient({ endpoint: aws.endpoint, region, credentials });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'transformer', ExternalId }),
  );
  const session = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken,
  };
  return new S3Client({ endpoint: aws.endpoint, region, credentials: session });
}

function put(Key: string): PutObjectCommand {
  return new PutObjectCommand({ Bucket: standIn.bucket, Key, Body: 'PAR1' });
}

test('where policies decide, only who knows the external id becomes the provider', async () => {
  await expect(assume('wrong')).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(assume()).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(assume('right')).resolves.toBeDefined();
});

test('where policies decide, the provider writes below its location, and does nothing else', async () => {
  const s3 = await assume('right');
  await s3.send(put('ext/azure-2004/region=us-east-1/x.parquet'));
  await expect(s3.send(put('ext/other/x.parquet'))).rejects.toMatchObject({ name: 'AccessDenied' });
  const read = new GetObjectCommand({ Bucket: standIn.bucket, Key: 'ext/azure-2004/region=us-east-1/x.parquet' });
  await expect(s3.send(read)).rejects.toMatchObject({ name: 'AccessDenied' });
});
