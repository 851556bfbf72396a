// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createWriteStream, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { Failure } from '../../errors/failure.ts';
import { nothingToInspect, objectUnavailable } from '../../errors/operate.ts';
import { s3Client } from '../s3-client.ts';

/** An object of a lake that is got when its turn comes. */
export interface StoredObject {
  /** Path or address, as a person knows it. */
  readonly name: string;
  /** Hands out a file with the object's content, which may be gone afterwards. */
  withFile(use: (file: { readonly path: string; readonly bytes: number }) => Promise<void>): Promise<void>;
}

/**
 * The Parquet objects that a person means: a file, all `*.parquet` below a folder, or below `s3://bucket/prefix`.
 * @throws Failure SLK-OPERATE-001 where there are none, SLK-OPERATE-002 from `withFile` where S3 does not give one
 */
export async function objectsAt(target: string, callerFolder: string): Promise<readonly StoredObject[]> {
  const objects = target.startsWith('s3://') ? await s3Objects(target) : localObjects(target, callerFolder);
  if (objects.length === 0) throw new Failure(nothingToInspect, { target, why: 'there is no *.parquet in it' });
  return objects;
}

function localObjects(target: string, callerFolder: string): StoredObject[] {
  const path = resolve(callerFolder, target);
  if (!existsSync(path)) throw new Failure(nothingToInspect, { target, why: 'there is no such file or folder' });
  const files = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.parquet'))
        .toSorted()
        .map((file) => join(path, file))
        .filter((file) => statSync(file).isFile())
    : [path];
  return files.map((file) => ({
    name: relative(callerFolder, file),
    withFile: (use) => use({ path: file, bytes: statSync(file).size }),
  }));
}

async function s3Objects(target: string): Promise<StoredObject[]> {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(target) ?? [];
  if (bucket === undefined) throw new Failure(nothingToInspect, { target, why: 'it names no bucket' });
  const s3 = s3Client();
  const objects: StoredObject[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key } of Contents) {
        if (!Key?.endsWith('.parquet')) continue;
        objects.push({ name: `s3://${bucket}/${Key}`, withFile: (use) => download({ s3, bucket, key: Key }, use) });
      }
    }
  } catch (error) {
    throw new Failure(nothingToInspect, { target, why: answerOf(error) }, { cause: error });
  }
  return objects;
}

async function download(
  { s3, bucket, key }: { readonly s3: S3Client; readonly bucket: string; readonly key: string },
  use: Parameters<StoredObject['withFile']>[0],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slake-object-'));
  const path = join(folder, 'object.parquet');
  try {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      await pipeline(Body as Readable, createWriteStream(path));
    } catch (error) {
      const object = `s3://${bucket}/${key}`;
      throw new Failure(objectUnavailable, { object, why: answerOf(error) }, { cause: error });
    }
    await use({ path, bytes: statSync(path).size });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function answerOf(error: unknown): string {
  const { name, message } = error as Error;
  return `S3 answers ${name}: ${message}`;
}
