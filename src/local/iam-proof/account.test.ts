// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectPython } from '../../infra/bundling/project-python.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded-aws/index.ts';
import { type Account, accountOf } from './account.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/function`;
const stateFolder = mkdtempSync(join(tmpdir(), 'slake-account-'));
const encrypted = { keyArn: 'arn:aws:kms:key', bucketKey: true };
let aws: EmbeddedAws;
let account: Account;
let keyArn: string;

function policy(Sid: string, more: object = {}): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid, Effect: 'Allow', Action: '*', Resource: '*', ...more }],
  });
}

beforeAll(async () => {
  aws = await startEmbeddedAws({ python: projectPython(), stateFolder, region: REGION, accountId: ACCOUNT });
  const { endpoint } = aws;
  const encryption = (resource: string) => (resource === 'arn:aws:s3:::encrypted' ? encrypted : undefined);
  account = accountOf({ endpoint, region: REGION, accountId: ACCOUNT, encryption });
  const client = { endpoint, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'embedded' } };
  const anybody = { Principal: '*' };

  const { KeyMetadata } = await account.ask('kms', 'TrentService.CreateKey', { Policy: policy('OfKey', anybody) });
  keyArn = (KeyMetadata as { Arn: string }).Arn;
  const iam = new IAMClient(client);
  const made = await Promise.all(
    ['Attached', 'Boundary'].map((name) =>
      iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: policy(name) })),
    ),
  );
  const [attached, boundary] = made.map(({ Policy }) => Policy?.Arn);
  const trust = { Action: 'sts:AssumeRole', Resource: undefined, ...anybody };
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'function',
      AssumeRolePolicyDocument: policy('Trust', trust),
      PermissionsBoundary: boundary,
    }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'function', PolicyArn: attached }));
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'function', PolicyName: 'inline', PolicyDocument: policy('Inline') }),
  );
  const Attributes = { Policy: policy('OfQueue', anybody), KmsMasterKeyId: keyArn };
  await new SQSClient(client).send(new CreateQueueCommand({ QueueName: 'queue', Attributes }));
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'bucket', Policy: policy('OfBucket', anybody) }));
  const secrets = new SecretsManagerClient(client);
  await secrets.send(new CreateSecretCommand({ Name: 'secret', SecretString: 'x', KmsKeyId: keyArn }));
  await secrets.send(new CreateSecretCommand({ Name: 'plain', SecretString: 'x' }));
  await new DynamoDBClient(client).send(
    new CreateTableCommand({
      TableName: 'table',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['sk', 'pk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}, 120_000);

afterAll(async () => {
  await aws?.stop();
  rmSync(stateFolder, { recursive: true, force: true });
});

const sids = (
  policies: readonly { readonly document: { readonly statements: readonly { readonly sid?: string }[] } }[],
) => policies.flatMap(({ document }) => document.statements.map(({ sid }) => sid));

test('a role has its inline and attached policies, and its boundary', async () => {
  const { identity, boundary } = await account.role(ROLE);
  expect(sids(identity)).toEqual(['Inline', 'Attached']);
  expect(sids(boundary ? [boundary] : [])).toEqual(['Boundary']);
  await expect(account.role(`${ROLE}-absent`)).rejects.toThrow();
});

test.each([
  ['s3:GetObject', () => 'arn:aws:s3:::bucket/key', 'OfBucket', false],
  ['sqs:SendMessage', () => `arn:aws:sqs:${REGION}:${ACCOUNT}:queue`, 'OfQueue', false],
  ['kms:Decrypt', () => keyArn, 'OfKey', true],
  ['sts:AssumeRole', () => ROLE, 'Trust', true],
])('%s is decided by the policy of its resource too', async (action, resource, sid, isRequired) => {
  const found = await account.resourcePolicy(action, resource());
  expect([sids(found ? [found] : []), found?.isRequired]).toEqual([[sid], isRequired]);
});

test('a resource without a policy has none, and a key or role that is not there allows nothing', async () => {
  expect(await account.resourcePolicy('s3:GetObject', 'arn:aws:s3:::absent/key')).toBeUndefined();
  expect(await account.resourcePolicy('dynamodb:GetItem', 'arn:aws:dynamodb:x')).toBeUndefined();
  const absent = await account.resourcePolicy('sts:AssumeRole', `${ROLE}-absent`);
  expect([absent?.document.statements, absent?.isRequired]).toEqual([[], true]);
});

test('keys, ARNs and partition keys are looked up', async () => {
  const secret = await account.secretArn('secret');
  expect(secret).toMatch(/:secret:secret-.{6}$/);
  expect(await account.secretArn('absent')).toBeUndefined();
  expect(await account.partitionKey('table')).toBe('pk');
  expect(await account.keyArn(keyArn.slice(keyArn.indexOf('/') + 1))).toBe(keyArn);
  expect(await account.encryption('sqs', `arn:aws:sqs:${REGION}:${ACCOUNT}:queue`)).toEqual({ keyArn });
  expect(await account.encryption('secretsmanager', secret ?? '')).toEqual({ keyArn });
  expect(await account.encryption('secretsmanager', (await account.secretArn('plain')) ?? '')).toBeUndefined();
  expect(await account.encryption('s3', 'arn:aws:s3:::encrypted/key')).toEqual(encrypted);
  expect(await account.encryption('s3', 'arn:aws:s3:::bucket/key')).toBeUndefined();
});
