// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** The AWS clients a processor needs; of each only `send` is used. */
export interface Clients {
  readonly s3: Pick<S3Client, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly secrets: Pick<SecretsManagerClient, 'send'>;
}
