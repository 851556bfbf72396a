// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { choose, ENVELOPE_TIME, equals, from, json, lookup, type Path, parsedJson, remembered } from 'slake/contract';
import { entraMetadata } from './entra.ts';

const STATE = 'properties.riskState';
const LEVEL = 'properties.riskLevel';

/** Severities by level of risk; `hidden` tells that the tenant lacks the licence to see it. */
export const RISK_SEVERITIES = { none: 1, low: 2, medium: 3, high: 4 } as const;
const LEVELS = { none: 0, low: 1, medium: 2, high: 3 } as const;

/** The record is of a service principal, not of a user. */
export const isOfPrincipal = equals('category', 'ServicePrincipalRiskEvents', 'RiskyServicePrincipals');

/** What all records of Entra ID Protection tell of a risk. */
export const risk = {
  activity_id: lookup(STATE, { atRisk: 1, confirmedCompromised: 2, remediated: 3, dismissed: 3, confirmedSafe: 3 }, 0),
  severity_id: lookup(LEVEL, RISK_SEVERITIES, 0),
  // That an administrator confirmed a risk is no state of OCSF: it is not resolved by that.
  status_id: lookup(STATE, { atRisk: 1, confirmedCompromised: 99, dismissed: 3, remediated: 4, confirmedSafe: 4 }, 0),
  status: choose<string>(equals(STATE, 'confirmedCompromised'), from(STATE)),
  status_detail: from('properties.riskDetail'),
  risk_level_id: choose<0 | 1 | 2 | 3>(equals(LEVEL, ...Object.keys(LEVELS)), lookup(LEVEL, LEVELS, 0)),
} as const;

/** The user or the service principal at risk. */
export const atRisk = {
  uid: from(['properties.userId', 'properties.servicePrincipalId']),
  name: from([
    'properties.userPrincipalName',
    'properties.servicePrincipalDisplayName',
    'properties.displayName',
    'properties.userDisplayName',
    'identity',
  ]),
  full_name: from(['properties.userDisplayName', 'identity']),
  uid_alt: from('properties.appId'),
  type_id: choose<1 | 99>(isOfPrincipal, 99, 1),
  type: choose<string>(isOfPrincipal, 'Service Principal', 'User'),
  org: { uid: from('properties.homeTenantId') },
} as const;

/** @param times where the time of the event stands, best first */
export function riskMetadata(times: readonly Path[]) {
  return {
    ...entraMetadata(
      'Identity Protection',
      times.filter((path) => path !== ENVELOPE_TIME),
    ),
    // That of the sign-in; the record's own is the id of the detection.
    correlation_uid: from(['properties.correlationId', 'correlationId']),
  } as const;
}

/** How many techniques of a detection are told; the whole of what names them is among the evidences. */
const TECHNIQUES = [0, 1, 2, 3];

/** The techniques of MITRE ATT&CK that the pairs `{Key, Value}` at a path name: `T1078`, or `T1110.003`. */
export function techniquesAt(path: Path) {
  return TECHNIQUES.map((at) => ({
    technique: { uid: from(path, (value) => techniques(value)?.[at]?.split('.')[0]) },
    sub_technique: {
      uid: from(path, (value) => {
        const technique = techniques(value)?.[at];
        return technique?.includes('.') ? technique : undefined;
      }),
    },
  }));
}

function techniques(value: unknown): readonly string[] | undefined {
  const pairs = json(value);
  return pairs === undefined ? undefined : techniquesOf(pairs);
}

const techniquesOf = remembered((text): readonly string[] => {
  const pairs = parsedJson(text);
  const named = (Array.isArray(pairs) ? pairs : []).find((pair) => pair?.Key === 'mitreTechniques')?.Value;
  return typeof named === 'string' ? (named.match(/\bT\d{4}(?:\.\d{3})?\b/g) ?? []) : [];
});
