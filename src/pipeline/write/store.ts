// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { LakeSource } from './lake-source.ts';

/** Where the transformer reads from and writes to. */
export interface Store {
  /** Bytes of an object of the raw bucket. Throws what S3 answers. */
  readRaw(key: string): Promise<AsyncIterable<Uint8Array>>;
  /** Puts an object below `rejected/` of the raw bucket. */
  putRejected(key: string, body: Uint8Array): Promise<void>;
  /** Puts a Parquet object below the location of a lake source; `key` starts there. */
  putLake(source: LakeSource, key: string, body: Uint8Array): Promise<void>;
}

/** A call that hangs must fail while there is still time to try it again. */
const requestHandler = { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true };

/** The store on S3; lake objects are written with the provider role of their source. */
export function s3Store(options: { readonly rawBucket: string; readonly externalId: string }): Store {
  const raw = new S3Client({ requestHandler });
  const sts = new STSClient({});
  const lakes = new Map<string, S3Client>();

  function lake(roleArn: string): S3Client {
    const known = lakes.get(roleArn);
    if (known) return known;
    const client = new S3Client({ requestHandler, credentials: () => assume(sts, roleArn, options.externalId) });
    lakes.set(roleArn, client);
    return client;
  }

  return {
    async readRaw(key) {
      const { Body } = await raw.send(new GetObjectCommand({ Bucket: options.rawBucket, Key: key }));
      return Body as Readable;
    },
    async putRejected(key, body) {
      await raw.send(
        new PutObjectCommand({ Bucket: options.rawBucket, Key: key, Body: body, ContentType: 'application/x-ndjson' }),
      );
    },
    async putLake(source, key, body) {
      const { bucket, prefix } = source;
      await lake(source.roleArn).send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `${prefix}${key}`,
          Body: body,
          ContentType: 'application/vnd.apache.parquet',
        }),
      );
    },
  };
}

/** Credentials of a role for an hour; the client asks again before they expire. */
async function assume(sts: STSClient, roleArn: string, externalId: string) {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'slake-transformer', ExternalId: externalId }),
  );
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey) throw new Error(`no credentials for ${roleArn}`);
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    ...(Credentials.SessionToken ? { sessionToken: Credentials.SessionToken } : {}),
    ...(Credentials.Expiration ? { expiration: Credentials.Expiration } : {}),
  };
}
