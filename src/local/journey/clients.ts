// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Failure } from '../../errors/failure.ts';
import { processorFailed } from '../../errors/journey.ts';

/** The few calls of a journey, by the real SDKs against whatever AWS the environment names. */
export interface JourneyClients {
  /** Stores a secret, encrypted with a key of the account where one is given. */
  putSecret(name: string, value: unknown, keyArn?: string): Promise<void>;
  /** Invokes a function, with `{}` where nothing is given to it, and returns its result. */
  invoke(functionName: string, payload?: unknown): Promise<unknown>;
  /** Messages of a queue: waiting, and being worked on. */
  messages(queueUrl: string): Promise<number>;
  /** Downloads everything below a prefix into a folder; returns the keys. */
  download(bucket: string, prefix: string, folder: string): Promise<string[]>;
  list(bucket: string, prefix: string): Promise<{ readonly key: string; readonly bytes: number }[]>;
}

export function journeyClients(environment: Readonly<Record<string, string>>): JourneyClients {
  const shared = {
    region: environment.AWS_REGION ?? 'us-east-1',
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  };
  const secrets = new SecretsManagerClient(shared);
  const lambda = new LambdaClient({ ...shared, requestHandler: { requestTimeout: 900_000 } });
  const sqs = new SQSClient(shared);
  const s3 = new S3Client({ ...shared, forcePathStyle: true });

  async function list(bucket: string, prefix: string) {
    const found: { key: string; bytes: number }[] = [];
    let token: string | undefined;
    do {
      const page: { Contents?: { Key?: string; Size?: number }[]; NextContinuationToken?: string } = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
      );
      for (const { Key, Size } of page.Contents ?? []) if (Key) found.push({ key: Key, bytes: Size ?? 0 });
      token = page.NextContinuationToken;
    } while (token);
    return found;
  }

  return {
    list,
    async putSecret(name, value, keyArn) {
      const SecretString = JSON.stringify(value);
      try {
        await secrets.send(new CreateSecretCommand({ Name: name, SecretString, KmsKeyId: keyArn }));
      } catch (error) {
        if (!(error instanceof ResourceExistsException)) throw error;
        await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
      }
    },
    async invoke(functionName, payload = {}) {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) }),
      );
      const text = Buffer.from(Payload ?? []).toString('utf8');
      if (FunctionError) throw new Failure(processorFailed, { functionName, why: text.slice(0, 2_000) });
      return text === '' ? undefined : JSON.parse(text);
    },
    async messages(queueUrl) {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...AttributeNames] }),
      );
      return AttributeNames.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
    },
    async download(bucket, prefix, folder) {
      const found = await list(bucket, prefix);
      for (const { key } of found) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const file = join(folder, key);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, (await Body?.transformToByteArray()) ?? '');
      }
      return found.map(({ key }) => key);
    },
  };
}
