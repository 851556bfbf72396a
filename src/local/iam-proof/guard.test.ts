// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListLogSourcesCommand, SecurityLakeClient } from '@aws-sdk/client-securitylake';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type NamedPolicy, policyDocument } from '../../access/index.ts';
import type { Account } from './account.ts';
import { type Guard, startGuard } from './guard.ts';

const ACCOUNT = '123456789012';
const FUNCTION_ROLE = `arn:aws:iam::${ACCOUNT}:role/function`;
const WRITER = `arn:aws:iam::${ACCOUNT}:role/writer`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/k`;

let upstream: Server;
let done: string[];
let guard: Guard;
let endpoint: string;
/** Statements of roles, and of the policies of resources. */
let statements: Record<string, object[]>;
let encrypted: Record<string, string>;

beforeEach(async () => {
  done = [];
  statements = { [FUNCTION_ROLE]: [], [WRITER]: [] };
  encrypted = {};
  upstream = createServer((request, response) => {
    request.resume().on('end', () => {
      done.push(`${request.method} ${request.url?.split('?')[0]}`);
      const credentials = '<AccessKeyId>WRITERKEY</AccessKeyId><SecretAccessKey>s</SecretAccessKey>';
      const result = `<AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult>`;
      response.end(`<AssumeRoleResponse>${result}</AssumeRoleResponse>`);
    });
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const address = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  guard = startGuard({ account: account(), upstream: () => address });
  guard.begin('test');
  endpoint = await guard.open(async () => FUNCTION_ROLE);
});

afterEach(async () => {
  await guard.close();
  upstream.closeAllConnections();
  upstream.close();
});

function policy(name: string): NamedPolicy {
  return { name, document: policyDocument({ Version: '2012-10-17', Statement: statements[name] }) };
}

function account(): Account {
  return {
    accountId: ACCOUNT,
    region: 'us-east-1',
    secretArn: async (id) => `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${id}-abcdef`,
    keyArn: async () => KEY,
    partitionKey: async () => 'pk',
    ask: async () => ({}),
    refresh: () => {},
    async role(roleArn) {
      if (!statements[roleArn]) throw new Error(`there is no role ${roleArn}`);
      return { identity: [policy(roleArn)] };
    },
    async resourcePolicy(action, resource) {
      if (!statements[`of ${resource}`]) return undefined;
      return { ...policy(`of ${resource}`), isRequired: action === 'sts:AssumeRole' || action.startsWith('kms:') };
    },
    encryption: async (_, resource) => {
      const keyArn = encrypted[resource];
      return keyArn === undefined ? undefined : { keyArn };
    },
  };
}

function client(accessKeyId = 'FUNCTIONKEY') {
  const credentials = { accessKeyId, secretAccessKey: 's' };
  return { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
}

function allow(Action: string, Resource: string, more: object = {}): object {
  return { Effect: 'Allow', Action, Resource, ...more };
}

const object = { Bucket: 'bucket', Key: 'raw/x' };
const QueueUrl = `http://127.0.0.1/${ACCOUNT}/queue`;

describe('a denial arrives in the function as it does from AWS', () => {
  const cases: readonly [string, () => Promise<unknown>, string, number][] = [
    [
      's3:PutObject',
      () => new S3Client(client()).send(new PutObjectCommand({ ...object, Body: 'x' })),
      'AccessDenied',
      403,
    ],
    ['s3:GetObject', () => new S3Client(client()).send(new GetObjectCommand(object)), 'AccessDenied', 403],
    [
      'sqs:SendMessage',
      () => new SQSClient(client()).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
      'AccessDenied',
      400,
    ],
    [
      'secretsmanager:GetSecretValue',
      () => new SecretsManagerClient(client()).send(new GetSecretValueCommand({ SecretId: 's' })),
      'AccessDeniedException',
      400,
    ],
    [
      'dynamodb:GetItem',
      () => new DynamoDBClient(client()).send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'x' } } })),
      'AccessDeniedException',
      400,
    ],
    [
      'sts:AssumeRole',
      () => new STSClient(client()).send(new AssumeRoleCommand({ RoleArn: WRITER, RoleSessionName: 'session' })),
      'AccessDenied',
      403,
    ],
    [
      'iam:GetRole',
      () => new IAMClient(client()).send(new GetRoleCommand({ RoleName: 'writer' })),
      'AccessDenied',
      403,
    ],
    [
      'lambda:InvokeFunction',
      () => new LambdaClient(client()).send(new InvokeCommand({ FunctionName: 'f' })),
      'AccessDeniedException',
      403,
    ],
    [
      'securitylake:ListLogSources',
      () => new SecurityLakeClient(client()).send(new ListLogSourcesCommand({})),
      'AccessDeniedException',
      403,
    ],
  ];
  test.each(cases)('%s', async (action, send, name, httpStatusCode) => {
    await expect(send()).rejects.toMatchObject({
      name,
      message: expect.stringMatching(
        `assumed-role/function/session is not authorized to perform: ${action} on resource: `,
      ),
      $metadata: { httpStatusCode },
    });
    expect(done).toEqual([]);
    expect(guard.calls.map(({ request, decision }) => [request.action, decision.effect])).toEqual([
      [action, 'implicit deny'],
    ]);
  });

  test('HEAD has no body to say it in', async () => {
    await expect(new S3Client(client()).send(new HeadObjectCommand(object))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });
});

test('what the role may do reaches AWS', async () => {
  statements[FUNCTION_ROLE] = [allow('s3:GetObject', 'arn:aws:s3:::bucket/raw/*', { Sid: 'Read' })];
  await new S3Client(client()).send(new GetObjectCommand(object));

  expect(done).toEqual(['GET /bucket/raw/x']);
  const [call] = guard.calls;
  expect(call).toMatchObject({ scenario: 'test', operation: 's3:GetObject', maker: 'code' });
  expect(call?.decision.by).toEqual([{ policy: FUNCTION_ROLE, statement: 'Read' }]);
});

test('a resource that is encrypted with a key of the account takes the use of the key, through its service', async () => {
  statements[FUNCTION_ROLE] = [allow('sqs:SendMessage', '*')];
  statements[`of ${KEY}`] = [allow('kms:*', '*', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } })];
  encrypted[`arn:aws:sqs:us-east-1:${ACCOUNT}:queue`] = KEY;
  const send = () => new SQSClient(client()).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await expect(send()).rejects.toThrow(/perform: kms:GenerateDataKey on resource: arn:aws:kms/);

  const through = (service: string) => ({
    Condition: { StringEquals: { 'kms:ViaService': `${service}.us-east-1.amazonaws.com` } },
  });
  statements[FUNCTION_ROLE] = [allow('sqs:SendMessage', '*'), allow('kms:*', KEY, through('s3'))];
  await expect(send()).rejects.toThrow(/kms:GenerateDataKey/);
  statements[FUNCTION_ROLE] = [allow('sqs:SendMessage', '*'), allow('kms:*', KEY, through('sqs'))];
  await send().catch(() => {});
  expect(done).toHaveLength(1);
  statements[`of ${KEY}`] = [];
  await expect(send()).rejects.toThrow(/no statement of .* allows the kms:GenerateDataKey action/);
});

test('code that assumed a role calls with that role', async () => {
  statements[FUNCTION_ROLE] = [allow('sts:AssumeRole', WRITER)];
  statements[WRITER] = [allow('s3:PutObject', 'arn:aws:s3:::lake/*')];
  const condition = { Condition: { StringEquals: { 'sts:ExternalId': 'right' } } };
  statements[`of ${WRITER}`] = [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ACCOUNT }, ...condition },
  ];
  const assume = (ExternalId: string) =>
    new STSClient(client()).send(new AssumeRoleCommand({ RoleArn: WRITER, RoleSessionName: 'session', ExternalId }));
  await expect(assume('wrong')).rejects.toMatchObject({ name: 'AccessDenied' });
  await assume('right');

  const put = (Bucket: string) =>
    new S3Client(client('WRITERKEY')).send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' }));
  await put('lake');
  await expect(put('other')).rejects.toThrow(/assumed-role\/writer\/session is not authorized/);
});

test('a call that is not understood is denied, and so is one of nobody', async () => {
  statements[FUNCTION_ROLE] = [allow('*', '*')];
  const list = await fetch(`${endpoint}/bucket?accelerate`, { headers: { authorization: signature('s3') } });
  expect([list.status, await list.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  expect((await fetch(`${endpoint}/bucket/raw/x`)).status).toBe(403);
  expect((await fetch(endpoint, { method: 'POST', headers: { authorization: signature('ec2') } })).status).toBe(403);

  expect(guard.notUnderstood.map(({ text }) => text)).toEqual([
    's3 GET /bucket?accelerate',
    'unsigned GET /bucket/raw/x',
    'ec2 POST /',
  ]);
  expect(done).toEqual([]);
});

test('a role that cannot be read allows nothing', async () => {
  delete statements[FUNCTION_ROLE];
  await expect(new S3Client(client()).send(new GetObjectCommand(object))).rejects.toThrow();
  expect(guard.notUnderstood.map(({ text }) => text)).toEqual([expect.stringContaining('there is no role')]);
  expect(done).toEqual([]);
});

test('a scan tells no leading key, so a grant for keys of its own does not fit it', async () => {
  const keys = {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['azure#*'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
  statements[FUNCTION_ROLE] = [allow('dynamodb:*', '*', { Condition: keys })];
  const dynamodb = new DynamoDBClient(client());
  const get = (pk: string) => dynamodb.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: pk } } }));
  await get('azure#1').catch(() => {});
  expect(done).toHaveLength(1);
  await expect(get('google#1')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(dynamodb.send(new ScanCommand({ TableName: 't' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

function signature(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=K/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}
