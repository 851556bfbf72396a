// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isRecord } from '../../access/index.ts';
import type { Call, Lookups, Protocol, Service, Understood, UnknownCall, WireRequest } from './call.ts';
import { dynamodb } from './dynamodb.ts';
import { s3 } from './s3.ts';
import { BY_PATH, NAMING } from './services.ts';

/** Where the embedded AWS takes the answers of custom resources. */
const CUSTOM_RESOURCE_ANSWERS = '/_ministack/cfn-response/';

/**
 * Reads from a signed request which permissions it takes, on which resources, with which condition keys. JSON services
 * say the operation in `x-amz-target`, query services in `Action` of their form, the others by method and path.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
export async function understand(wire: WireRequest, lookups: Lookups): Promise<Call | UnknownCall> {
  const { method, url, headers, body } = wire;
  const service = signedService(headers.authorization) ?? 'unsigned';
  const target = headers['x-amz-target'];
  const isJson = typeof target === 'string';
  const input = isJson ? jsonInput(body) : queryInput(body);
  const operation = isJson ? target.slice(target.lastIndexOf('.') + 1) : (input.Action ?? '');
  const protocol = isJson ? 'json' : protocolOf(service);
  // CloudFormation hands out presigned URLs for the answers of custom resources: whoever signed one has the permission.
  if (service === 'unsigned' && method === 'PUT' && url.startsWith(CUSTOM_RESOURCE_ANSWERS)) {
    return { service, protocol, operation: 'PutPresigned', requests: [] };
  }
  const known = await serviceOf(service, operation !== '')?.({ operation: String(operation), input, wire }, lookups);
  if (!known)
    return { service, protocol, text: String(operation) || `${method} ${url.split('?')[0]}${subResource(url)}` };
  return { service, protocol, operation: known.operation ?? String(operation), requests: known.requests };
}

/** The access key that signed a request. */
export function accessKeyOf(authorization: string | undefined): string | undefined {
  return /Credential=([^/]+)\//.exec(authorization ?? '')?.[1];
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signedService(authorization: string | undefined): string | undefined {
  return /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(authorization ?? '')?.[1];
}

function serviceOf(service: string, isNamed: boolean): Service | undefined {
  if (service === 's3') return s3;
  if (service === 'dynamodb') return dynamodb;
  const services = isNamed ? NAMING : BY_PATH;
  return Object.hasOwn(services, service) ? services[service] : undefined;
}

function protocolOf(service: string): Protocol {
  if (service === 's3') return 'rest-xml';
  return Object.hasOwn(NAMING, service) ? 'query' : 'rest-json';
}

function jsonInput(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function queryInput(body: Buffer): Readonly<Record<string, unknown>> {
  return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
}

/** Names of the parameters without their values, which may be secret. */
function subResource(url: string): string {
  const names = [...new URL(url, 'http://127.0.0.1').searchParams.keys()];
  return names.length > 0 ? `?${names.join('&')}` : '';
}

export type { Understood };
