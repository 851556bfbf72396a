// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { AccessRequest } from '../../access/index.ts';
import { access, keysOf, type Service, type Understood } from './call.ts';

/** Operations of a bucket by method and sub-resource, with their action where it has another name. */
const BUCKET: Readonly<Record<string, readonly [operation: string, action?: string]>> = {
  'GET ?': ['ListObjects', 'ListBucket'],
  'GET ?list-type': ['ListObjectsV2', 'ListBucket'],
  'HEAD ?': ['HeadBucket', 'ListBucket'],
  'PUT ?': ['CreateBucket'],
  'DELETE ?': ['DeleteBucket'],
  'GET ?location': ['GetBucketLocation'],
  'GET ?versions': ['ListObjectVersions', 'ListBucketVersions'],
  'GET ?uploads': ['ListMultipartUploads', 'ListBucketMultipartUploads'],
  'GET ?policy': ['GetBucketPolicy'],
  'PUT ?policy': ['PutBucketPolicy'],
  'DELETE ?policy': ['DeleteBucketPolicy'],
  'GET ?encryption': ['GetBucketEncryption', 'GetEncryptionConfiguration'],
  'PUT ?encryption': ['PutBucketEncryption', 'PutEncryptionConfiguration'],
  'GET ?versioning': ['GetBucketVersioning'],
  'PUT ?versioning': ['PutBucketVersioning'],
  'GET ?tagging': ['GetBucketTagging'],
  'PUT ?tagging': ['PutBucketTagging'],
  'GET ?notification': ['GetBucketNotificationConfiguration', 'GetBucketNotification'],
  'PUT ?notification': ['PutBucketNotificationConfiguration', 'PutBucketNotification'],
};

/** The same of an object. */
const OBJECT: Readonly<Record<string, readonly [operation: string, action?: string]>> = {
  'GET ?': ['GetObject'],
  'HEAD ?': ['HeadObject', 'GetObject'],
  'PUT ?': ['PutObject'],
  'DELETE ?': ['DeleteObject'],
  'POST ?uploads': ['CreateMultipartUpload', 'PutObject'],
  'PUT ?uploadId': ['UploadPart', 'PutObject'],
  'POST ?uploadId': ['CompleteMultipartUpload', 'PutObject'],
  'DELETE ?uploadId': ['AbortMultipartUpload'],
  'GET ?uploadId': ['ListParts', 'ListMultipartUploadParts'],
  'GET ?tagging': ['GetObjectTagging'],
  'PUT ?tagging': ['PutObjectTagging'],
  'DELETE ?tagging': ['DeleteObjectTagging'],
  'GET ?acl': ['GetObjectAcl'],
  'PUT ?acl': ['PutObjectAcl'],
  'POST ?select': ['SelectObjectContent', 'GetObject'],
};

const ADDRESS = /^127\.0\.0\.1(:\d+)?$/;

/** Parameters that choose no other operation. */
const PLAIN =
  /^(x-id|prefix|delimiter|max-keys|marker|continuation-token|start-after|fetch-owner|encoding-type|versionId|partNumber|select-type|key-marker|version-id-marker|upload-id-marker|max-uploads|max-parts|part-number-marker|response-.*)$/;

/**
 * S3 names no operation: method, path and sub-resource say it. The path is that of path style, which every SDK takes for
 * an endpoint that is an address; a request with the bucket in its host is not understood.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export const s3: Service = ({ wire }) => {
  if (!ADDRESS.test(wire.headers.host ?? '')) return undefined;
  const { pathname, searchParams } = new URL(wire.url, 'http://127.0.0.1');
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(decodeURIComponent(pathname)) ?? [];
  const sub = [...searchParams.keys()].filter((name) => !PLAIN.test(name)).toSorted();
  const name = `${wire.method} ?${sub.join('&')}`;
  if (bucket === '')
    return name === 'GET ?' ? understood('ListBuckets', access('s3:ListAllMyBuckets', '*')) : undefined;
  const arn = `arn:aws:s3:::${bucket}`;
  if (key === '') {
    if (name === 'POST ?delete') return deleteObjects(arn, wire.body.toString('utf8'));
    return ofBucket(name, arn, searchParams);
  }
  return ofObject(name, `${arn}/${key}`, searchParams, wire.headers);
};

function ofBucket(name: string, arn: string, parameters: URLSearchParams): Understood | undefined {
  const [operation, action = operation] = BUCKET[name] ?? [];
  if (!operation) return undefined;
  const keys = ['prefix', 'delimiter', 'max-keys'];
  const context = keysOf(Object.fromEntries(keys.map((key) => [`s3:${key}`, parameters.get(key)])));
  return understood(operation, access(`s3:${action}`, arn, context));
}

function ofObject(
  name: string,
  arn: string,
  parameters: URLSearchParams,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Understood | undefined {
  const [plain = '', action = plain] = OBJECT[name] ?? [];
  if (plain === '') return undefined;
  const versionId = parameters.get('versionId');
  const requests = [
    access(`s3:${versionId === null ? action : action.replace('Object', 'ObjectVersion')}`, arn, {
      ...keysOf({ 's3:VersionId': versionId }),
      ...putKeys(headers),
    }),
  ];
  if (headers['x-amz-tagging'] && action === 'PutObject') requests.push(access('s3:PutObjectTagging', arn));
  if (headers['x-amz-acl'] && action === 'PutObject') requests.push(access('s3:PutObjectAcl', arn));
  const from = headers['x-amz-copy-source'];
  if (typeof from !== 'string') return understood(plain, ...requests);
  const [, source = '', of] = /^\/?([^?]*)(\?versionId=.*)?$/.exec(decodeURIComponent(from)) ?? [];
  const read = access(`s3:GetObject${of ? 'Version' : ''}`, `arn:aws:s3:::${source}`);
  return understood(name === 'PUT ?' ? 'CopyObject' : 'UploadPartCopy', read, ...requests);
}

function putKeys(headers: Readonly<Record<string, string | readonly string[] | undefined>>): AccessRequest['context'] {
  const names = ['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-acl'];
  return keysOf(Object.fromEntries(names.map((name) => [`s3:${name}`, headers[name]])));
}

function deleteObjects(arn: string, xml: string): Understood | undefined {
  const objects = [...xml.matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, object = '']) => object);
  if (objects.length === 0) return undefined;
  const requests = objects.map((object) => {
    const key = unescaped(/<Key>(.*?)<\/Key>/s.exec(object)?.[1] ?? '');
    return access(`s3:DeleteObject${object.includes('<VersionId>') ? 'Version' : ''}`, `${arn}/${key}`);
  });
  return understood('DeleteObjects', ...requests);
}

function unescaped(xml: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return xml.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => characters[name] ?? '');
}

function understood(operation: string, ...requests: readonly AccessRequest[]): Understood {
  return { operation, requests };
}
