// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  all,
  any,
  choose,
  defineMapping,
  ENVELOPE_TIME,
  equals,
  float,
  from,
  has,
  ip,
  isoMs,
  json,
} from 'slake/contract';
import { tenantCloud } from './shapes/entra.ts';
import { atRisk, isOfPrincipal, risk, riskMetadata, techniquesAt } from './shapes/risk.ts';
import { STREAM } from './shapes/stream.ts';
import { VERSIONS } from './shapes/versions.ts';

const DETECTED = ['properties.lastUpdatedDateTime', 'properties.detectedDateTime', 'time', ENVELOPE_TIME] as const;
const JUDGED = ['properties.riskLastUpdatedDateTime', 'time', ENVELOPE_TIME] as const;
const KINDS = ['properties.riskEventType', 'properties.riskType'] as const;

/**
 * Entra ID Protection detected a risk: in a sign-in, in what a user does, or of a service principal.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/aaduserriskevents
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/aadserviceprincipalriskevents
 */
export const riskDetection = defineMapping({
  stream: STREAM,
  when: all(
    equals('category', 'UserRiskEvents', 'ServicePrincipalRiskEvents'),
    any(...KINDS.map((path) => has(path))),
    has('properties.id'),
  ),
  class: 'detection_finding',
  versions: VERSIONS,
  profiles: ['cloud'],
  event: {
    ...risk,
    time: from(DETECTED, isoMs),
    cloud: tenantCloud(),
    message: from('operationName'),
    finding_info: {
      uid: from(['properties.id', 'correlationId']),
      title: from(KINDS),
      types: [from(KINDS)],
      analytic: { uid: from(KINDS), type_id: 0 },
      created_time: from('properties.detectedDateTime', isoMs),
      modified_time: from('properties.lastUpdatedDateTime', isoMs),
      first_seen_time: from('properties.activityDateTime', isoMs),
      data_sources: [from('properties.source')],
      attacks: techniquesAt('properties.additionalInfo'),
    },
    evidences: [
      {
        actor: { user: atRisk },
        src_endpoint: {
          ip: from(['properties.ipAddress', 'callerIpAddress'], ip),
          location: {
            city: from('properties.location.city'),
            region: from('properties.location.state'),
            country: from('properties.location.countryOrRegion'),
            lat: from('properties.location.geoCoordinates.latitude', float),
            long: from('properties.location.geoCoordinates.longitude', float),
          },
        },
        data: from('properties.additionalInfo', json),
      },
    ],
    resources: [{ uid: atRisk.uid, name: atRisk.name, type: atRisk.type }],
    metadata: riskMetadata(DETECTED),
  },
});

/**
 * What Entra ID Protection holds of a user or a service principal, from all detections: it is one finding for each, told
 * anew when the risk changes.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/aadriskyusers
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/aadriskyserviceprincipals
 */
export const riskyIdentity = defineMapping({
  stream: STREAM,
  when: all(equals('category', 'RiskyUsers', 'RiskyServicePrincipals'), has('properties.id')),
  class: 'detection_finding',
  versions: VERSIONS,
  profiles: ['cloud'],
  event: {
    ...risk,
    time: from(JUDGED, isoMs),
    cloud: tenantCloud(),
    message: from('operationName'),
    finding_info: {
      uid: from('properties.id'),
      title: choose(isOfPrincipal, 'Risky service principal', 'Risky user'),
      modified_time: from('properties.riskLastUpdatedDateTime', isoMs),
    },
    evidences: [{ actor: { user: { ...atRisk, uid: from('properties.id') } } }],
    resources: [{ uid: from('properties.id'), name: atRisk.name, type: atRisk.type }],
    metadata: riskMetadata(JUDGED),
  },
});
