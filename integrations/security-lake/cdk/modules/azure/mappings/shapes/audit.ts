// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, choose, equals, from, has, ip, isoMs, lookup, parsedJson } from 'slake/contract';
import { entraDuration, entraMetadata, tenantCloud } from './entra.ts';

const TIMES = ['properties.activityDateTime', 'time'] as const;
const USER = 'properties.initiatedBy.user';
const APP = 'properties.initiatedBy.app';

/** A record of the audit log of Entra ID; some relays put the kind of audit record into `category`. */
export const isAudit = any(
  has('properties.activityDisplayName', 'properties.initiatedBy'),
  all(equals('category', 'AuditLogs'), has('properties.loggedByService')),
);

/** Attributes of who did it: a user, or an application on its own. */
interface Initiator {
  uid?: string;
  name?: string;
  full_name?: string;
  type_id?: 1 | 99;
  type?: string;
}

/**
 * What all audit records of Entra ID have in common.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/auditlogs
 */
export const audit = {
  time: from(TIMES, isoMs),
  duration: entraDuration(),
  message: from(['properties.activityDisplayName', 'operationName', 'operationname']),
  severity_id: 1,
  status_id: lookup('properties.result', { success: 1, failure: 2, failed: 2, timeout: 2 }, 0, { ignoreCase: true }),
  status_detail: from(['properties.resultReason', 'properties.resultDescription', 'resultDescription']),
  cloud: tenantCloud(),
  actor: {
    user: choose<Initiator>(
      any(has(`${USER}.id`), has(`${USER}.userPrincipalName`)),
      {
        uid: from(`${USER}.id`),
        name: from([`${USER}.userPrincipalName`, `${USER}.displayName`]),
        full_name: from([`${USER}.displayName`, 'identity']),
        type_id: 1,
      },
      {
        uid: from(`${APP}.servicePrincipalId`),
        name: from([`${APP}.servicePrincipalName`, `${APP}.displayName`]),
        type_id: 99,
        type: 'Service Principal',
      },
    ),
    app_name: from(`${APP}.displayName`),
    app_uid: from(`${APP}.appId`),
  },
  src_endpoint: {
    ip: from([`${USER}.ipAddress`, 'callerIpAddress', 'calleripaddress', 'ipAddress', `${APP}.ipAddress`], ip),
  },
  http_request: { user_agent: from('properties.userAgent') },
  api: {
    operation: from(['properties.activityDisplayName', 'operationName', 'operationname']),
    service: { name: from('properties.loggedByService') },
    request: { uid: from('properties.id') },
  },
  metadata: entraMetadata('Audit logs', TIMES),
} as const;

/** The new value of a modified property (the old one where nothing is new): JSON in text, mostly a text in quotes. */
export function modified(properties: unknown, name: string): string | undefined {
  if (!Array.isArray(properties)) return undefined;
  const found: unknown = properties.find((property) => property?.displayName === name);
  const { newValue, oldValue } = (found ?? {}) as { newValue?: unknown; oldValue?: unknown };
  return unquoted(newValue) ?? unquoted(oldValue);
}

function unquoted(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = parsedJson(`[${value}]`);
  const inner: unknown = Array.isArray(text) && text.length === 1 ? text[0] : value;
  return typeof inner === 'string' && inner !== '' ? inner : undefined;
}
