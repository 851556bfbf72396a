// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as ddb from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreateCustomLogSourceCommand,
  DeleteCustomLogSourceCommand,
  ListLogSourcesCommand,
  SecurityLakeClient,
} from '@aws-sdk/client-securitylake';
import { DeleteMessageBatchCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectPython } from '../../infra/bundling/project-python.ts';
import type { Lookups, WireRequest } from './call.ts';
import { understand } from './understand.ts';

const ACCOUNT = '123456789012';
const HERE = `us-east-1:${ACCOUNT}`;
const SECRET = `arn:aws:secretsmanager:${HERE}:secret:credentials-a1b2c3`;
const KEY = `arn:aws:kms:${HERE}:key/k`;

const lookups: Lookups = {
  accountId: ACCOUNT,
  region: 'us-east-1',
  secretArn: async (id) => (id === 'credentials' ? SECRET : undefined),
  keyArn: async (id) => (['alias/key', 'k', KEY].includes(id) ? KEY : undefined),
  partitionKey: async (table) => (table === 'table' ? 'pk' : undefined),
};

let server: Server;
let endpoint: string;
let received: WireRequest[];

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      received.push({ method, url, headers, body: Buffer.concat(chunks) });
      outgoing.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Client {
  send(command: unknown): Promise<unknown>;
}

/** What is understood of the request that an SDK makes of a command; the answer, which is empty, may not please it. */
async function asked(client: new (configuration: object) => object, command: unknown): Promise<unknown> {
  received = [];
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const made = new client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }) as Client;
  await made.send(command).catch(() => {});
  return shown(received[0]);
}

async function shown(wire: WireRequest | undefined): Promise<unknown> {
  if (!wire) throw new Error('the SDK sent nothing');
  const call = await understand(wire, lookups);
  if ('text' in call) return `not understood: ${call.service} ${call.text}`;
  return [call.operation, ...call.requests.map(({ action, resource }) => `${action} ${resource}`)];
}

const Bucket = 'bucket';
const object = { Bucket, Key: 'raw/a b+c.gz' };
const ARN = 'arn:aws:s3:::bucket/raw/a b+c.gz';
const pk = { S: 'azure#x' };
const item = { pk, sk: { S: '1' } };
const table = `arn:aws:dynamodb:${HERE}:table/table`;
const queue = `arn:aws:sqs:${HERE}:queue`;
const QueueUrl = `http://127.0.0.1:1/${ACCOUNT}/queue`;
const group = `arn:aws:logs:${HERE}:log-group:/g`;
const RoleArn = `arn:aws:iam::${ACCOUNT}:role/writer`;

describe('a request of the JavaScript SDK', () => {
  const cases: readonly [string, new (configuration: never) => object, unknown, unknown][] = [
    ['PutObject', s3.S3Client, new s3.PutObjectCommand({ ...object, Body: 'x' }), [`s3:PutObject ${ARN}`]],
    ['GetObject', s3.S3Client, new s3.GetObjectCommand(object), [`s3:GetObject ${ARN}`]],
    ['GetObject', s3.S3Client, new s3.GetObjectCommand({ ...object, VersionId: '1' }), [`s3:GetObjectVersion ${ARN}`]],
    ['HeadObject', s3.S3Client, new s3.HeadObjectCommand(object), [`s3:GetObject ${ARN}`]],
    ['DeleteObject', s3.S3Client, new s3.DeleteObjectCommand(object), [`s3:DeleteObject ${ARN}`]],
    [
      'DeleteObjects',
      s3.S3Client,
      new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a&b' }, { Key: 'c', VersionId: '1' }] } }),
      ['s3:DeleteObject arn:aws:s3:::bucket/a&b', 's3:DeleteObjectVersion arn:aws:s3:::bucket/c'],
    ],
    [
      'CopyObject',
      s3.S3Client,
      new s3.CopyObjectCommand({ ...object, CopySource: 'other/key' }),
      ['s3:GetObject arn:aws:s3:::other/key', `s3:PutObject ${ARN}`],
    ],
    [
      'PutObject',
      s3.S3Client,
      new s3.PutObjectCommand({ ...object, Body: 'x', Tagging: 'a=b' }),
      [`s3:PutObject ${ARN}`, `s3:PutObjectTagging ${ARN}`],
    ],
    ['GetObjectTagging', s3.S3Client, new s3.GetObjectTaggingCommand(object), [`s3:GetObjectTagging ${ARN}`]],
    ['CreateMultipartUpload', s3.S3Client, new s3.CreateMultipartUploadCommand(object), [`s3:PutObject ${ARN}`]],
    [
      'UploadPart',
      s3.S3Client,
      new s3.UploadPartCommand({ ...object, UploadId: 'u', PartNumber: 1, Body: 'x' }),
      [`s3:PutObject ${ARN}`],
    ],
    [
      'CompleteMultipartUpload',
      s3.S3Client,
      new s3.CompleteMultipartUploadCommand({ ...object, UploadId: 'u' }),
      [`s3:PutObject ${ARN}`],
    ],
    [
      'AbortMultipartUpload',
      s3.S3Client,
      new s3.AbortMultipartUploadCommand({ ...object, UploadId: 'u' }),
      [`s3:AbortMultipartUpload ${ARN}`],
    ],
    [
      'ListObjectsV2',
      s3.S3Client,
      new s3.ListObjectsV2Command({ Bucket, Prefix: 'x' }),
      ['s3:ListBucket arn:aws:s3:::bucket'],
    ],
    ['HeadBucket', s3.S3Client, new s3.HeadBucketCommand({ Bucket }), ['s3:ListBucket arn:aws:s3:::bucket']],
    ['ListBuckets', s3.S3Client, new s3.ListBucketsCommand({}), ['s3:ListAllMyBuckets *']],
    [
      'GetItem',
      ddb.DynamoDBClient,
      new ddb.GetItemCommand({ TableName: 'table', Key: item }),
      [`dynamodb:GetItem ${table}`],
    ],
    [
      'PutItem',
      ddb.DynamoDBClient,
      new ddb.PutItemCommand({ TableName: table, Item: item }),
      [`dynamodb:PutItem ${table}`],
    ],
    [
      'Query',
      ddb.DynamoDBClient,
      new ddb.QueryCommand({ TableName: 'table', IndexName: 'i' }),
      [`dynamodb:Query ${table}/index/i`],
    ],
    [
      'BatchWriteItem',
      ddb.DynamoDBClient,
      new ddb.BatchWriteItemCommand({ RequestItems: { table: [{ PutRequest: { Item: item } }] } }),
      [`dynamodb:BatchWriteItem ${table}`],
    ],
    [
      'TransactWriteItems',
      ddb.DynamoDBClient,
      new ddb.TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: 'table', Item: item } },
          { ConditionCheck: { TableName: 'table', Key: item, ConditionExpression: 'x' } },
        ],
      }),
      [`dynamodb:PutItem ${table}`, `dynamodb:ConditionCheckItem ${table}`],
    ],
    ['SendMessage', SQSClient, new SendMessageCommand({ QueueUrl, MessageBody: 'x' }), [`sqs:SendMessage ${queue}`]],
    [
      'SendMessageBatch',
      SQSClient,
      new SendMessageBatchCommand({ QueueUrl, Entries: [] }),
      [`sqs:SendMessage ${queue}`],
    ],
    [
      'DeleteMessageBatch',
      SQSClient,
      new DeleteMessageBatchCommand({ QueueUrl, Entries: [] }),
      [`sqs:DeleteMessage ${queue}`],
    ],
    [
      'GetSecretValue',
      SecretsManagerClient,
      new GetSecretValueCommand({ SecretId: 'credentials' }),
      [`secretsmanager:GetSecretValue ${SECRET}`],
    ],
    [
      'GetSecretValue',
      SecretsManagerClient,
      new GetSecretValueCommand({ SecretId: 'absent' }),
      [`secretsmanager:GetSecretValue arn:aws:secretsmanager:${HERE}:secret:absent`],
    ],
    ['ListSecrets', SecretsManagerClient, new ListSecretsCommand({}), ['secretsmanager:ListSecrets *']],
    ['AssumeRole', STSClient, new AssumeRoleCommand({ RoleArn, RoleSessionName: 's' }), [`sts:AssumeRole ${RoleArn}`]],
    ['GetCallerIdentity', STSClient, new GetCallerIdentityCommand({}), []],
    ['GetRole', IAMClient, new GetRoleCommand({ RoleName: 'writer' }), [`iam:GetRole ${RoleArn}`]],
    [
      'GetParameter',
      SSMClient,
      new GetParameterCommand({ Name: '/a/b' }),
      [`ssm:GetParameter arn:aws:ssm:${HERE}:parameter/a/b`],
    ],
    [
      'GetParameters',
      SSMClient,
      new GetParametersCommand({ Names: ['a', '/b'] }),
      [`ssm:GetParameters arn:aws:ssm:${HERE}:parameter/a`, `ssm:GetParameters arn:aws:ssm:${HERE}:parameter/b`],
    ],
    [
      'GetParametersByPath',
      SSMClient,
      new GetParametersByPathCommand({ Path: '/a' }),
      [`ssm:GetParametersByPath arn:aws:ssm:${HERE}:parameter/a`],
    ],
    [
      'CreateLogStream',
      CloudWatchLogsClient,
      new CreateLogStreamCommand({ logGroupName: '/g', logStreamName: 's' }),
      [`logs:CreateLogStream ${group}:log-stream:s`],
    ],
    [
      'PutLogEvents',
      CloudWatchLogsClient,
      new PutLogEventsCommand({ logGroupName: '/g', logStreamName: 's', logEvents: [] }),
      [`logs:PutLogEvents ${group}:log-stream:s`],
    ],
    [
      'Invoke',
      LambdaClient,
      new InvokeCommand({ FunctionName: 'f', Qualifier: '1' }),
      [`lambda:InvokeFunction arn:aws:lambda:${HERE}:function:f:1`],
    ],
    [
      'GetFunction',
      LambdaClient,
      new GetFunctionCommand({ FunctionName: `arn:aws:lambda:${HERE}:function:f` }),
      [`lambda:GetFunction arn:aws:lambda:${HERE}:function:f`],
    ],
    [
      'CreateCustomLogSource',
      SecurityLakeClient,
      new CreateCustomLogSourceCommand({
        sourceName: 'x',
        configuration: {
          crawlerConfiguration: { roleArn: RoleArn },
          providerIdentity: { externalId: 'e1', principal: ACCOUNT },
        },
      }),
      ['securitylake:CreateCustomLogSource *', `iam:PassRole ${RoleArn}`],
    ],
    ['ListLogSources', SecurityLakeClient, new ListLogSourcesCommand({}), ['securitylake:ListLogSources *']],
    [
      'DeleteCustomLogSource',
      SecurityLakeClient,
      new DeleteCustomLogSourceCommand({ sourceName: 'x' }),
      ['securitylake:DeleteCustomLogSource *'],
    ],
  ];
  test.each(cases)('%s', async (operation, client, command, expected) => {
    expect(await asked(client as never, command)).toEqual([operation, ...(expected as string[])]);
  });

  test.each([
    ['s3 PUT /bucket/?accelerate', s3.S3Client, 'PutBucketAccelerateConfigurationCommand'],
    ['dynamodb ExecuteStatement', ddb.DynamoDBClient, 'ExecuteStatementCommand'],
  ])('that has no entry is not understood: %s', async (text, client, name) => {
    const commands: Readonly<Record<string, unknown>> = { ...s3, ...ddb };
    const command = commands[name] as new (input: object) => unknown;
    const input = { Bucket, AccelerateConfiguration: {}, Statement: 'select' };
    expect(await asked(client as never, new command(input))).toBe(`not understood: ${text}`);
  });
});

describe('condition keys of a request', () => {
  async function keys(client: new (configuration: never) => object, command: unknown) {
    await asked(client as never, command);
    const call = await understand(received[0] as WireRequest, lookups);
    return 'text' in call ? undefined : call.requests[0]?.context;
  }

  test.each([
    [
      ddb.DynamoDBClient,
      new ddb.GetItemCommand({ TableName: 'table', Key: item }),
      { 'dynamodb:LeadingKeys': ['azure#x'] },
    ],
    [
      ddb.DynamoDBClient,
      new ddb.QueryCommand({
        TableName: 'table',
        KeyConditionExpression: 'sk > :s and #p = :p',
        ExpressionAttributeNames: { '#p': 'pk' },
        ExpressionAttributeValues: { ':p': pk, ':s': { S: '1' } },
      }),
      { 'dynamodb:LeadingKeys': ['azure#x'] },
    ],
    [
      ddb.DynamoDBClient,
      new ddb.BatchGetItemCommand({ RequestItems: { table: { Keys: [item, { pk: { S: 'google#y' } }] } } }),
      { 'dynamodb:LeadingKeys': ['azure#x', 'google#y'] },
    ],
    [
      ddb.DynamoDBClient,
      new ddb.BatchGetItemCommand({ RequestItems: { table: { Keys: [item, { other: { S: 'x' } }] } } }),
      {},
    ],
    [ddb.DynamoDBClient, new ddb.ScanCommand({ TableName: 'table' }), {}],
    [
      STSClient,
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 's', ExternalId: 'e' }),
      { 'sts:ExternalId': 'e', 'sts:RoleSessionName': 's' },
    ],
    [
      s3.S3Client,
      new s3.PutObjectCommand({ ...object, Body: 'x', ServerSideEncryption: 'aws:kms' }),
      { 's3:x-amz-server-side-encryption': 'aws:kms' },
    ],
    [s3.S3Client, new s3.ListObjectsV2Command({ Bucket, Prefix: 'a/' }), { 's3:prefix': 'a/' }],
    [
      SecretsManagerClient,
      new GetSecretValueCommand({ SecretId: SECRET }),
      { 'secretsmanager:VersionStage': 'AWSCURRENT' },
    ],
  ])('%#', async (client, command, expected) => {
    expect(await keys(client as never, command)).toEqual(expected);
  });
});

test('a bucket in the host is not taken for one in the path', async () => {
  await asked(s3.S3Client, new s3.GetObjectCommand(object));
  const [wire] = received;
  if (!wire) throw new Error('the SDK sent nothing');
  const headers = { ...wire.headers, host: 'bucket.localhost:4566' };
  expect(await shown({ ...wire, headers })).toBe('not understood: s3 GET /bucket/raw/a%20b%2Bc.gz?x-id');
});

test('requests of the Python SDK', async () => {
  received = [];
  const script = `
import os
from botocore.config import Config
from botocore.session import Session
calls = [
    ("kms", "decrypt", {"KeyId": "alias/key", "CiphertextBlob": b"x", "EncryptionContext": {"a": "b"}}),
    ("sns", "publish", {"TopicArn": "arn:aws:sns:${HERE}:topic", "Message": "x"}),
    ("cloudwatch", "put_metric_data", {"Namespace": "Slake", "MetricData": []}),
    ("sqs", "send_message_batch", {"QueueUrl": "${QueueUrl}", "Entries": [{"Id": "1", "MessageBody": "x"}]}),
    ("xray", "put_trace_segments", {"TraceSegmentDocuments": []}),
    ("sts", "assume_role", {"RoleArn": "${RoleArn}", "RoleSessionName": "session"}),
    ("s3", "put_object", {"Bucket": "bucket", "Key": "raw/a b+c.gz", "Body": b"x"}),
    ("ec2", "describe_instances", {}),
]
for service, operation, input in calls:
    client = Session().create_client(service, config=Config(retries={"total_max_attempts": 1}))
    try:
        getattr(client, operation)(**input)
    except Exception:
        pass
`;
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  await promisify(execFile)(projectPython(), ['-c', script], { env });

  const calls = await Promise.all(received.map((wire) => understand(wire, lookups)));
  const contexts = calls.map((call) => ('text' in call ? undefined : call.requests[0]?.context));
  expect(contexts[0]).toEqual({
    'kms:EncryptionContext:a': 'b',
    'kms:EncryptionContextKeys': ['a'],
    'kms:RequestAlias': 'alias/key',
  });
  expect(contexts[2]).toEqual({ 'cloudwatch:namespace': 'Slake' });
  expect(await Promise.all(received.map(shown))).toEqual([
    ['Decrypt', `kms:Decrypt ${KEY}`],
    ['Publish', `sns:Publish arn:aws:sns:${HERE}:topic`],
    ['PutMetricData', 'cloudwatch:PutMetricData *'],
    ['SendMessageBatch', `sqs:SendMessage ${queue}`],
    ['PutTraceSegments', 'xray:PutTraceSegments *'],
    ['AssumeRole', `sts:AssumeRole ${RoleArn}`],
    ['PutObject', `s3:PutObject ${ARN}`],
    'not understood: ec2 DescribeInstances',
  ]);
});
