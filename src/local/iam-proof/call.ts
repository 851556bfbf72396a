// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders } from 'node:http';
import type { AccessRequest } from '../../access/index.ts';

/** How a service answers errors. */
export type Protocol = 'json' | 'query' | 'rest-xml' | 'rest-json';

/** A request of an SDK, as it stands on the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What has to be looked up to know which resource a call means. */
export interface Lookups {
  readonly accountId: string;
  readonly region: string;
  /** ARN of a secret by its name or ARN; undefined where there is none. */
  secretArn(secretId: string): Promise<string | undefined>;
  /** ARN of a key by its id, ARN or alias. */
  keyArn(keyId: string): Promise<string | undefined>;
  /** Name of the partition key of a table. */
  partitionKey(table: string): Promise<string | undefined>;
}

/** A call, and the permissions AWS asks for it; an empty list for calls that take none. */
export interface Call {
  /** Of the signature: `s3`. */
  readonly service: string;
  /** As the API calls it: `ListObjectsV2`. */
  readonly operation: string;
  readonly protocol: Protocol;
  readonly requests: readonly AccessRequest[];
}

/** A call whose permissions are not known. */
export interface UnknownCall {
  readonly service: string;
  readonly protocol: Protocol;
  /** What is known of it: `PUT /bucket?accelerate`. */
  readonly text: string;
}

/** What one service's calls ask for; undefined where it does not know the call. */
export type Service = (
  call: { readonly operation: string; readonly input: Readonly<Record<string, unknown>>; readonly wire: WireRequest },
  lookups: Lookups,
) => Promise<Understood | undefined> | Understood | undefined;

/** `operation` where the request names none. */
export type Understood = { readonly operation?: string; readonly requests: readonly AccessRequest[] };

export function access(action: string, resource: string, context: AccessRequest['context'] = {}): AccessRequest {
  return { action, resource, context };
}

/** Condition keys without those that the request has not. */
export function keysOf(keys: Readonly<Record<string, unknown>>): AccessRequest['context'] {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])),
  );
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
