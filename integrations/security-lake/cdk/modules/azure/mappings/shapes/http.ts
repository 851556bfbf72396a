// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

const METHODS = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE'] as const;

/** A method of HTTP that OCSF 1.3.0 knows; PATCH is not among them. */
export function httpMethod(value: unknown): (typeof METHODS)[number] | undefined {
  return METHODS.find((method) => method === value);
}
