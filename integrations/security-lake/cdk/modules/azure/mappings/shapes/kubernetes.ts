// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { compute, remembered } from 'slake/contract';

/** Where a log of AKS holds the audit event of Kubernetes, as JSON in a text. */
export const AUDIT_LOG = 'properties.log';

/** Parts of an audit event that are mapped; what a hostile event holds instead may be anything. */
type AuditEvent = Readonly<Record<string, unknown>>;

/**
 * An attribute that stands in the audit event at a path of keys and indexes (`['objectRef', 'name']`); a text, or what
 * `convert` makes of it.
 * @see https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
 */
export function audited(...keys: readonly (string | number)[]) {
  return auditedAs((value) => (typeof value === 'string' && value !== '' ? value : undefined), ...keys);
}

export function auditedAs<T extends string | number>(
  convert: (value: unknown) => T | undefined,
  ...keys: readonly (string | number)[]
) {
  return compute([AUDIT_LOG], (log) => convert(auditedAt(log, ...keys)));
}

/** What stands at a path of the audit event in a text; undefined where there is nothing, or no JSON. */
export function auditedAt(log: unknown, ...keys: readonly (string | number)[]): unknown {
  let value: unknown = auditEvent(log);
  for (const key of keys) {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    value = isThere ? (value as Readonly<Record<string | number, unknown>>)[key] : undefined;
  }
  return value;
}

function auditEvent(log: unknown): AuditEvent | undefined {
  return typeof log === 'string' ? parsed(log) : undefined;
}

const parsed = remembered((text): AuditEvent | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as AuditEvent) : undefined;
  } catch {
    return undefined;
  }
});
