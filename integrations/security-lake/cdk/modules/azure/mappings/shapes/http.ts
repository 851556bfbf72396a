// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { integer } from 'slake/contract';

const METHODS = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE'] as const;

/** A method of HTTP that OCSF 1.3.0 knows; PATCH is not among them. */
export function httpMethod(value: unknown): (typeof METHODS)[number] | undefined {
  return METHODS.find((method) => method === value);
}

/** How a request came out, by the status code of its response: 1 is success, 2 failure. */
export function httpOutcome(value: unknown): 1 | 2 | undefined {
  const code = integer(value);
  if (code === undefined || code < 100 || code > 599) return undefined;
  return code < 400 ? 1 : 2;
}

/** The reasons of HTTP for a failure, as services write them: `NotFound`, `Not Found`. */
const FAILURES: ReadonlySet<string> = new Set([
  'badrequest',
  'unauthorized',
  'forbidden',
  'notfound',
  'methodnotallowed',
  'notacceptable',
  'requesttimeout',
  'conflict',
  'gone',
  'preconditionfailed',
  'unsupportedmediatype',
  'unprocessableentity',
  'locked',
  'toomanyrequests',
  'internalservererror',
  'notimplemented',
  'badgateway',
  'serviceunavailable',
  'gatewaytimeout',
]);

/** 2 where a status code or its reason tells that a request failed; of any other nothing is told. */
export function httpFailure(value: unknown): 2 | undefined {
  if (httpOutcome(value) === 2) return 2;
  const isFailure = typeof value === 'string' && value.length <= 64 && FAILURES.has(reasonOf(value));
  return isFailure ? 2 : undefined;
}

function reasonOf(text: string): string {
  return text.replaceAll(' ', '').toLowerCase();
}
