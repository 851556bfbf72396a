// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { AccessRequest } from '../../access/index.ts';
import type { Account } from './account.ts';
import { access } from './call.ts';

/**
 * Uses of a key that a service makes in the caller's name, by the action that leads to them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const KEY_USES: Readonly<Record<string, readonly string[]>> = {
  's3:GetObject': ['kms:Decrypt'],
  's3:GetObjectVersion': ['kms:Decrypt'],
  's3:PutObject': ['kms:GenerateDataKey'],
  'sqs:SendMessage': ['kms:GenerateDataKey', 'kms:Decrypt'],
  'sqs:ReceiveMessage': ['kms:Decrypt'],
  'secretsmanager:GetSecretValue': ['kms:Decrypt'],
  'secretsmanager:PutSecretValue': ['kms:GenerateDataKey', 'kms:Decrypt'],
  'dynamodb:GetItem': ['kms:Decrypt'],
  'dynamodb:PutItem': ['kms:Decrypt'],
  'dynamodb:UpdateItem': ['kms:Decrypt'],
  'dynamodb:DeleteItem': ['kms:Decrypt'],
  'dynamodb:Query': ['kms:Decrypt'],
  'dynamodb:Scan': ['kms:Decrypt'],
  'dynamodb:BatchGetItem': ['kms:Decrypt'],
  'dynamodb:BatchWriteItem': ['kms:Decrypt'],
  'dynamodb:ConditionCheckItem': ['kms:Decrypt'],
};

/** Parts of an upload are read again when it is completed, with the key of the first one. */
const MULTIPART = ['UploadPart', 'CompleteMultipartUpload', 'CreateMultipartUpload'];

/** The calls of KMS that AWS makes in the caller's name for a call; none where no key of the account is used. */
export async function impliedBy(
  { action, resource }: AccessRequest,
  operation: string,
  account: Pick<Account, 'encryption' | 'region' | 'accountId'>,
): Promise<AccessRequest[]> {
  const uses = KEY_USES[action];
  if (!uses) return [];
  const [service = ''] = action.split(':');
  const encryption = await account.encryption(service, resource);
  if (!encryption) return [];
  const { keyArn, bucketKey } = encryption;
  const context = {
    'kms:ViaService': `${service}.${account.region}.amazonaws.com`,
    'kms:CallerAccount': account.accountId,
    'aws:ViaAWSService': 'true',
    ...encryptionContext(service, resource, bucketKey ?? false, account.accountId),
  };
  const actions = MULTIPART.includes(operation) ? [...uses, 'kms:Decrypt'] : uses;
  return actions.map((use) => access(use, keyArn, context));
}

function encryptionContext(service: string, resource: string, bucketKey: boolean, accountId: string) {
  const pairs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    s3: { 'aws:s3:arn': bucketKey ? (resource.split('/')[0] ?? resource) : resource },
    sqs: { 'aws:sqs:arn': resource },
    secretsmanager: { SecretARN: resource },
    dynamodb: { 'aws:dynamodb:tableName': resource.split('/')[1] ?? '', 'aws:dynamodb:subscriberId': accountId },
  };
  const own = pairs[service] ?? {};
  return {
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
    'kms:EncryptionContextKeys': Object.keys(own),
  };
}
