// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders } from 'node:http';

/** A call of an AWS API, as it stands in the request of an SDK. */
export interface Call {
  /** `<service>:<operation>`: `s3:PutObject`, `dynamodb:PutItem`, `sqs:SendMessageBatch`, `sts:AssumeRole`. */
  readonly operation: string;
  /** `<bucket>/<key>` of an S3 call with path style; empty for other services. */
  readonly resource: string;
  readonly body: Buffer;
}

/** Object operations of S3 that have no name in the request, only a method. */
const OBJECT_OPERATIONS: Readonly<Record<string, string>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'HeadObject',
  DELETE: 'DeleteObject',
};

/**
 * Names the call of a request: JSON services say it in `x-amz-target`, query services in `Action` of their form, S3 by
 * the method. The service is that of the signature.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function callOf(method: string, url: string, headers: IncomingHttpHeaders, body: Buffer): Call {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unsigned';
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    return { operation: `${service}:${target.slice(target.lastIndexOf('.') + 1)}`, resource: '', body };
  }
  if (service !== 's3') {
    const action = new URLSearchParams(body.toString('utf8')).get('Action');
    return { operation: `${service}:${action ?? method}`, resource: '', body };
  }
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const resource = decodeURIComponent(pathname.slice(1));
  const plain = [...searchParams.keys()].every((name) => name === 'x-id') && resource.includes('/');
  const named = searchParams.get('x-id') ?? (plain ? OBJECT_OPERATIONS[method] : undefined);
  return { operation: `s3:${named ?? `${method}?${[...searchParams.keys()][0] ?? ''}`}`, resource, body };
}
