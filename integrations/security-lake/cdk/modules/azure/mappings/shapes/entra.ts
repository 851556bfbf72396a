// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type Expression, from, isoMs, long, type Path } from 'slake/contract';

/** What was done, as the audit log words it. */
export const ACTIVITY = 'properties.activityDisplayName';
/** Where a record of Entra ID says what was done, best first. */
export const OPERATIONS = [ACTIVITY, 'operationName', 'operationname'] as const;

/** A directory is the account of its events. */
export function tenantCloud() {
  return {
    provider: 'Azure',
    account: { uid: from(['tenantId', 'tenantid', 'properties.tenantId']), type: 'Azure AD Account', type_id: 6 },
  } as const;
}

/**
 * What every record of Entra ID says of itself. Some relays write the names of the outer record in lower case.
 *
 * @param feature the log of Entra ID that the record is of
 * @param original where the time of the event stands, best first
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/concept-diagnostic-settings-logs-options
 */
export function entraMetadata(feature: string, original: readonly Path[]) {
  return {
    event_code: from(OPERATIONS),
    correlation_uid: from(['correlationId', 'correlationid', 'properties.correlationId']),
    log_name: from('category'),
    log_level: from(['level', 'Level']),
    log_version: from(['operationVersion', 'operationversion']),
    log_provider: from('properties.loggedByService'),
    logged_time: from('time', isoMs),
    original_time: from(original),
    tenant_uid: from(['tenantId', 'tenantid', 'properties.tenantId']),
    product: { name: 'Microsoft Entra ID', vendor_name: 'Microsoft', feature: { name: feature } },
  } as const;
}

/** Milliseconds the operation took. */
export function entraDuration(): Expression<number> {
  return from(['durationMs', 'durationms'], long);
}
