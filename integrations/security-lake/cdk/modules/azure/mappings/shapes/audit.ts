// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, choose, equals, from, gives, has, ip, isoMs, lookup, parsedJson, text } from 'slake/contract';
import { ACTIVITY, entraDuration, entraMetadata, OPERATIONS, tenantCloud } from './entra.ts';

const TIMES = ['properties.activityDateTime', 'time'] as const;
const USER = 'properties.initiatedBy.user';
const APP = 'properties.initiatedBy.app';

/** A record of the audit log of Entra ID; some relays put the kind of audit record into `category`. */
export const isAudit = any(
  has(ACTIVITY, 'properties.initiatedBy'),
  all(equals('category', 'AuditLogs'), has('properties.loggedByService')),
);

const userId = from(`${USER}.id`);
const userName = from([`${USER}.userPrincipalName`, `${USER}.displayName`]);
const principalId = from(`${APP}.servicePrincipalId`);
const principalName = from([`${APP}.servicePrincipalName`, `${APP}.displayName`]);
const isUser = any(gives(userId), gives(userName));

/** The record tells by id or name who did it. */
export const isOfSomebody = any(isUser, gives(principalId), gives(principalName));

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
  message: from(OPERATIONS),
  severity_id: 1,
  status_id: lookup('properties.result', { success: 1, failure: 2, failed: 2, timeout: 2 }, 0, { ignoreCase: true }),
  status_detail: from(['properties.resultReason', 'properties.resultDescription', 'resultDescription']),
  cloud: tenantCloud(),
  actor: {
    user: choose<Initiator>(
      isUser,
      {
        uid: userId,
        name: userName,
        full_name: from([`${USER}.displayName`, 'identity']),
        type_id: 1,
      },
      {
        uid: principalId,
        name: principalName,
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
    operation: from(OPERATIONS),
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
  const list = parsedJson(`[${value}]`);
  const inner: unknown = Array.isArray(list) && list.length === 1 ? list[0] : value;
  return typeof inner === 'string' ? text(inner) : undefined;
}
