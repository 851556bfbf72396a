// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  any,
  choose,
  compute,
  contains,
  equals,
  from,
  has,
  integer,
  ip,
  isoMs,
  json,
  long,
  lookup,
  not,
  url,
} from 'slake/contract';
import { resourceAt, resourceType, subscriptionId } from './azure-resource.ts';
import { httpMethod } from './http.ts';

/** The record names its kind as text, or as `{value, localizedValue}` in the form of the REST interface. */
export function isCategory(...categories: readonly string[]) {
  return any(equals('category', ...categories), equals('category.value', ...categories));
}

const TIMES = ['time', 'eventTimestamp'] as const;
const OPERATIONS = [
  'operationName.value',
  'operationName',
  'authorization.action',
  'identity.authorization.action',
] as const;
const RESULTS = ['resultType', 'status.value', 'properties.status'] as const;
const RESOURCES = ['resourceId', 'ResourceId', 'properties.entity', 'properties.resourceId'] as const;
const CALLERS = [
  'callerIpAddress',
  'CallerIpAddress',
  'httpRequest.clientIpAddress',
  'identity.claims.ipaddr',
] as const;
const TENANTS = ['tenantId', 'identity.claims.http://schemas\\.microsoft\\.com/identity/claims/tenantid'] as const;
/** Where a record tells who is behind it. */
const IDENTITIES = ['identity', 'caller', ...TENANTS] as const;
const AUTHORIZATION = 'identity.authorization.evidence';

const LEVELS = { Critical: 5, Error: 4, Warning: 3, Information: 1, Informational: 1, Verbose: 1 } as const;

const account = choose<{ uid?: string; type?: string; type_id: 6 | 99 }>(
  any(...RESOURCES.map((path) => contains(path, '/subscriptions/'))),
  { uid: from(RESOURCES, subscriptionId), type: 'Azure Subscription', type_id: 99 },
  { uid: from(TENANTS), type: 'Azure AD Account', type_id: 6 },
);

/**
 * What the records of the activity log and of resource logs have in common: the top-level fields are the same.
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/resource-logs-schema
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema
 */
export const record = {
  time: from(TIMES, isoMs),
  duration: from('durationMs', long),
  message: from([
    'resultDescription',
    'description',
    'properties.message',
    'operationName.localizedValue',
    'operationName',
  ]),
  severity_id: lookup('level', LEVELS, 1, { ignoreCase: true }),
  cloud: { provider: 'Azure', account, region: from(['location', 'properties.resourceLocation']) },
  metadata: {
    event_code: from(OPERATIONS),
    correlation_uid: from('correlationId'),
    log_name: from(['category.value', 'category']),
    log_level: from(['level', 'Level']),
    log_version: from('operationVersion'),
    original_time: from(TIMES),
    tenant_uid: from(TENANTS),
    product: { name: 'Microsoft Azure', vendor_name: 'Microsoft', feature: { name: 'Activity log' } },
  },
} as const;

/** The resource a record is about. */
export const recordResource = resourceAt(RESOURCES);

/** A record as a call of an Azure interface. */
export const call = {
  ...record,
  activity_id: compute([...OPERATIONS, 'properties.statusCode'], (...values) => {
    return activityOf(operationOf(values), values.at(-1));
  }),
  activity_name: compute(OPERATIONS, (...values) => operationOf(values)?.split('/').slice(-2).join('/')),
  status_id: lookupResult(),
  status: from(RESULTS),
  status_code: from(['properties.statusCode', 'resultSignature', 'subStatus.value', 'statusCode']),
  status_detail: from(['properties.statusMessage', 'properties.statusText', 'statusText']),
  actor: {
    user: {
      name: from([
        'identity.claims.http://schemas\\.xmlsoap\\.org/ws/2005/05/identity/claims/upn',
        'identity.claims.upn',
        'identity.claims.http://schemas\\.xmlsoap\\.org/ws/2005/05/identity/claims/name',
        'identity.claims.name',
        'identity.claims.http://schemas\\.xmlsoap\\.org/ws/2005/05/identity/claims/emailaddress',
        'identity.claims.http://schemas\\.xmlsoap\\.org/ws/2005/05/identity/claims/spn',
        'identity.requester.upn',
        'caller',
        // Of a log of storage: Anonymous, SAS, AccountKey.
        'identity.type',
      ]),
      full_name: from('identity.claims.name'),
      uid: from([
        'identity.claims.http://schemas\\.microsoft\\.com/identity/claims/objectidentifier',
        'identity.claims.oid',
        'identity.requester.objectId',
        `${AUTHORIZATION}.principalId`,
      ]),
      // Who is behind a record without identity is somebody of the directory, at least.
      account: { uid: from(TENANTS), type: 'Azure AD Account', type_id: 6 },
    },
    // Azure itself is behind these, by the provider of the operation.
    app_name: choose<string>(
      isCategory('Alert', 'Autoscale', 'Recommendation', 'ResourceHealth', 'ServiceHealth'),
      compute(OPERATIONS, (...values) => providerOf(operationOf(values), [])),
      // OCSF demands an actor; a record without any identity says nothing of its own.
      choose<string>(not(any(...IDENTITIES.map((path) => has(path)))), 'Unknown'),
    ),
    app_uid: from(['identity.claims.appid', 'identity.requester.appId']),
    session: {
      uid: from('identity.claims.sid'),
      credential_uid: from(['identity.tokenHash', 'identity.claims.uti']),
    },
    authorizations: [
      {
        policy: {
          name: from(`${AUTHORIZATION}.role`),
          uid: from([`${AUTHORIZATION}.roleAssignmentId`, `${AUTHORIZATION}.roleDefinitionId`]),
        },
      },
    ],
  },
  src_endpoint: {
    ip: from(CALLERS, ip),
    // What Azure does by itself has no address: the provider of the operation is where it comes from.
    svc_name: compute([...CALLERS, ...OPERATIONS, ...RESOURCES], (...values) => {
      if (values.slice(0, CALLERS.length).some((value) => ip(value) !== undefined)) return undefined;
      return providerOf(operationOf(values.slice(CALLERS.length)), values.slice(-RESOURCES.length));
    }),
  },
  http_request: {
    http_method: from(['httpRequest.method', 'properties.requestMethod'], httpMethod),
    user_agent: from(['properties.userAgentHeader', 'properties.clientInfo']),
    uid: from(['httpRequest.clientRequestId', 'properties.clientRequestId']),
    url: { url_string: from(['uri', 'httpRequest.uri', 'properties.requestUri'], url) },
  },
  api: {
    operation: from(OPERATIONS),
    version: from(['operationVersion', 'properties.apiVersion']),
    service: {
      name: compute([...OPERATIONS, ...RESOURCES], (...values) => {
        return providerOf(operationOf(values), values.slice(-RESOURCES.length));
      }),
    },
    request: {
      uid: from(['properties.serviceRequestId', 'eventDataId', 'properties.eventDataId', 'id', 'correlationId']),
      data: from('properties.requestbody', json),
    },
    response: { code: from('statusCode', integer), message: from('properties.statusMessage') },
  },
  resources: [{ ...recordResource, region: from(['location', 'properties.resourceLocation']) }],
} as const;

function lookupResult() {
  const table = {
    success: 1,
    succeeded: 1,
    failure: 2,
    failed: 2,
    'client error': 2,
    start: 99,
    started: 99,
    accept: 99,
    accepted: 99,
    active: 99,
    activated: 99,
    resolved: 99,
    'in progress': 99,
  } as const;
  return choose<0 | 1 | 2 | 99>(
    has('resultType'),
    lookup('resultType', table, 0, { ignoreCase: true }),
    lookup('status.value', table, 0, { ignoreCase: true }),
  );
}

function operationOf(values: readonly unknown[]): string | undefined {
  return values.slice(0, OPERATIONS.length).find((value): value is string => typeof value === 'string' && value !== '');
}

/** An operation ends with what it does: `.../write`, `.../delete`, `.../listKeys/action`. */
function activityOf(operation: string | undefined, statusCode: unknown): 1 | 2 | 3 | 4 | 99 {
  const verb = operation?.split('/').at(-1)?.toLowerCase() ?? '';
  if (verb === 'write') return statusCode === 'Created' ? 1 : 3;
  if (verb === 'delete' || verb.startsWith('delete')) return 4;
  if (verb === 'read' || /^(get|list|head)/.test(verb)) return 2;
  return /^(put|create)/.test(verb) ? 1 : 99;
}

/** `Microsoft.Compute` of `Microsoft.Compute/virtualMachines/write`, or of the resource where it names none. */
function providerOf(operation: string | undefined, resources: readonly unknown[]): string | undefined {
  if (operation?.includes('/')) return operation.split('/')[0];
  return resources
    .map(resourceType)
    .find((type) => type !== undefined)
    ?.split('/')[0];
}
