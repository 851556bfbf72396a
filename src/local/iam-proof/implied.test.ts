// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { impliedBy } from './implied.ts';

const HERE = 'eu-west-1:123456789012';
const KEY = `arn:aws:kms:${HERE}:key/k`;
const QUEUE = `arn:aws:sqs:${HERE}:queue`;
const TABLE = `arn:aws:dynamodb:${HERE}:table/table`;
const SECRET = `arn:aws:secretsmanager:${HERE}:secret:s-abcdef`;
const OBJECT = 'arn:aws:s3:::bucket/raw/x';

function account(bucketKey = false) {
  return { region: 'eu-west-1', accountId: '123456789012', encryption: async () => ({ keyArn: KEY, bucketKey }) };
}

test.each([
  ['s3:GetObject', 'GetObject', OBJECT, ['Decrypt'], { 'aws:s3:arn': OBJECT }],
  ['s3:PutObject', 'PutObject', OBJECT, ['GenerateDataKey'], { 'aws:s3:arn': OBJECT }],
  ['s3:PutObject', 'UploadPart', OBJECT, ['GenerateDataKey', 'Decrypt'], { 'aws:s3:arn': OBJECT }],
  ['s3:ListBucket', 'ListObjectsV2', 'arn:aws:s3:::bucket', [], {}],
  ['sqs:SendMessage', 'SendMessageBatch', QUEUE, ['GenerateDataKey', 'Decrypt'], { 'aws:sqs:arn': QUEUE }],
  ['sqs:ReceiveMessage', 'ReceiveMessage', QUEUE, ['Decrypt'], { 'aws:sqs:arn': QUEUE }],
  ['sqs:DeleteMessage', 'DeleteMessage', QUEUE, [], {}],
  ['secretsmanager:GetSecretValue', 'GetSecretValue', SECRET, ['Decrypt'], { SecretARN: SECRET }],
  ['secretsmanager:DescribeSecret', 'DescribeSecret', SECRET, [], {}],
  ['dynamodb:PutItem', 'PutItem', TABLE, ['Decrypt'], { 'aws:dynamodb:tableName': 'table' }],
])('%s of %s on %s uses the key for %j', async (action, operation, resource, uses, encryptionContext) => {
  const implied = await impliedBy({ action, resource, context: {} }, operation, account());
  expect(implied.map((request) => [request.action, request.resource])).toEqual(uses.map((use) => [`kms:${use}`, KEY]));
  for (const { context } of implied) {
    expect(context).toMatchObject({
      'kms:ViaService': `${action.split(':')[0]}.eu-west-1.amazonaws.com`,
      ...Object.fromEntries(
        Object.entries(encryptionContext).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]),
      ),
    });
  }
});

test('with a bucket key the context is the bucket', async () => {
  const [use] = await impliedBy({ action: 's3:GetObject', resource: OBJECT, context: {} }, 'GetObject', account(true));
  expect(use?.context).toMatchObject({ 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::bucket' });
});

test('no key of the account, no use', async () => {
  const none = { ...account(), encryption: async () => undefined };
  expect(await impliedBy({ action: 's3:GetObject', resource: OBJECT, context: {} }, 'GetObject', none)).toEqual([]);
});
