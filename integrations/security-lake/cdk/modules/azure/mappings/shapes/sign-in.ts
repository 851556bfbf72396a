// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  any,
  boolean,
  choose,
  compute,
  type Expression,
  each,
  equals,
  float,
  from,
  gives,
  integer,
  ip,
  isoMs,
  lookup,
  type Path,
  texts,
} from 'slake/contract';
import { entraDuration, entraMetadata, tenantCloud } from './entra.ts';

/** The time of the sign-in itself; the record's own is when it was logged. */
const TIMES = ['properties.createdDateTime', 'time'] as const;
const RESULTS = ['resultType', 'resulttype', 'properties.status.errorCode'] as const;

/** Hardware and system ids of OCSF by what Entra ID calls the operating system (`Windows10`, `Ios 18.1`). */
const SYSTEMS: readonly (readonly [name: RegExp, type_id: 100 | 101 | 200 | 201 | 300 | 301 | 302])[] = [
  [/^windows ?phone/i, 101],
  [/^windows/i, 100],
  [/^android/i, 201],
  [/^linux|^ubuntu/i, 200],
  [/^mac ?os|^os ?x/i, 300],
  [/^ipad ?os/i, 302],
  [/^ios/i, 301],
];

const os = {
  name: from('properties.deviceDetail.operatingSystem'),
  type_id: compute(['properties.deviceDetail.operatingSystem'], (name) => {
    return typeof name === 'string' ? (SYSTEMS.find(([pattern]) => pattern.test(name))?.[1] ?? 0) : undefined;
  }),
};

const RISKS = { none: 0, low: 1, medium: 2, high: 3 } as const;

/** The risk of who signs in; `hidden` tells that the tenant lacks the licence to see it, so it is none. */
export const risk = {
  risk_level_id: choose<0 | 1 | 2 | 3>(
    equals('properties.riskLevelAggregated', ...Object.keys(RISKS)),
    lookup('properties.riskLevelAggregated', RISKS, 0),
  ),
} as const;

/**
 * The name of who signs in: the first of `names`. OCSF demands a name or an id, so who has none of either is `Unknown`.
 *
 * @param ids where ids stand
 */
export function nameOf(names: readonly Path[], ids: readonly Path[]): Expression<string> {
  return choose<string>(any(gives(from(ids)), gives(from(names))), from(names), 'Unknown');
}

/**
 * What the sign-in logs of users, service principals and managed identities have in common.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/signinlogs
 */
export const signIn = {
  activity_id: 1,
  time: from(TIMES, isoMs),
  duration: entraDuration(),
  message: from(['operationName', 'operationname']),
  severity_id: lookup('properties.riskLevelDuringSignIn', { none: 1, hidden: 1, low: 2, medium: 3, high: 4 }, 1),
  status_id: compute(RESULTS, (...results) => results.map(outcome).find((id) => id !== undefined)),
  status_code: from(RESULTS),
  status_detail: from(['properties.status.failureReason', 'resultDescription']),
  auth_protocol_id: choose<0 | 4 | 5 | 6 | 99>(
    // Kinds of OAuth 2.0 whose own name would be lost in the id, so it is not taken over.
    equals('properties.authenticationProtocol', 'deviceCode', 'ropc', 'authenticationTransfer'),
    6,
    lookup('properties.authenticationProtocol', { oAuth2: 6, openIdConnect: 4, saml20: 5, wsFederation: 99 }, 0, {
      ignoreCase: true,
    }),
  ),
  is_mfa: compute(['properties.authenticationRequirement'], (requirement) => {
    if (requirement === 'multiFactorAuthentication') return true;
    return requirement === 'singleFactorAuthentication' ? false : undefined;
  }),
  is_remote: true,
  cloud: tenantCloud(),
  // Whatever a sign-in is for, it is Entra ID that one signs in to.
  service: choose<{ name?: string; uid?: string }>(
    gives(from(['properties.appDisplayName', 'properties.appId'])),
    { name: from('properties.appDisplayName'), uid: from('properties.appId') },
    { name: 'Microsoft Entra ID' },
  ),
  dst_endpoint: { svc_name: from('properties.resourceDisplayName'), uid: from('properties.resourceId') },
  src_endpoint: {
    ip: from(['properties.ipAddress', 'callerIpAddress', 'calleripaddress'], ip),
    os,
    location: {
      city: from('properties.location.city'),
      region: from('properties.location.state'),
      country: from(['properties.location.countryOrRegion', 'location']),
      lat: from('properties.location.geoCoordinates.latitude', float),
      long: from('properties.location.geoCoordinates.longitude', float),
    },
    autonomous_system: { number: from('properties.autonomousSystemNumber', integer) },
  },
  http_request: { user_agent: from('properties.userAgent'), uid: from('properties.id') },
  session: {
    uid: from('properties.sessionId'),
    credential_uid: from('properties.uniqueTokenIdentifier'),
    issuer: from(['properties.tokenIssuerName', 'properties.tokenIssuerType']),
  },
  actor: {
    app_name: from('properties.clientAppUsed'),
    authorizations: each<{ decision?: string; policy?: { name?: string; uid?: string } }>(
      'properties.appliedConditionalAccessPolicies',
      {
        decision: from('result'),
        policy: { name: from('displayName'), uid: from('id') },
      },
    ),
  },
  metadata: {
    ...entraMetadata('Sign-in logs', TIMES),
    labels: from(['properties.riskEventTypes_v2', 'properties.riskEventTypes'], texts),
  },
} as const;

/** The device of a user's sign-in. */
export const device = {
  uid: from('properties.deviceDetail.deviceId'),
  name: from('properties.deviceDetail.displayName'),
  is_compliant: from('properties.deviceDetail.isCompliant', boolean),
  is_managed: from('properties.deviceDetail.isManaged', boolean),
  os,
  type_id: 0,
} as const;

/** 0 is success, any other error code a failure: also one that interrupts the sign-in to ask for more. */
function outcome(result: unknown): 1 | 2 | undefined {
  if (result === 0 || result === '0') return 1;
  if (typeof result === 'number') return 2;
  if (typeof result !== 'string' || result === '') return undefined;
  return /^success$/i.test(result) ? 1 : /^\d+$|^fail/i.test(result) ? 2 : undefined;
}
