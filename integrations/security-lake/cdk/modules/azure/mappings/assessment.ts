// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, choose, defineMapping, from, has, isoMs, listed, lookup, not } from 'slake/contract';
import { judgedResource } from './shapes/judged-resource.ts';
import { isFine, isType, portalUrl, posture, STATUS } from './shapes/posture.ts';
import { STREAM } from './shapes/stream.ts';
import { SINGLE_RESOURCE, VERSIONS } from './shapes/versions.ts';

const ADDITIONAL = 'properties.additionalData';

/** Of a sub-assessment: it names at least one CVE. */
const hasCve = any(has(`${ADDITIONAL}.cve.0.title`), has(`${ADDITIONAL}.vulnerabilityDetails.cveId`));

const finding = {
  ...posture,
  status_id: lookup(STATUS, { Unhealthy: 1, NotApplicable: 3, Healthy: 4 }, 0, { ignoreCase: true }),
  status_detail: from(['properties.status.description', 'properties.status.cause']),
  resources: [
    {
      ...judgedResource,
      owner: { name: from('properties.resourceDetails.ownerName') },
    },
  ],
} as const;

const SEVERITIES = { Critical: 5, High: 4, Medium: 3, Low: 2 } as const;

/**
 * A recommendation of Defender for Cloud, judged for one resource.
 * @see https://learn.microsoft.com/rest/api/defenderforcloud-composite/assessments
 */
export const assessment = defineMapping({
  stream: STREAM,
  when: all(isType('assessments'), not(isType('assessments/subassessments')), has('properties.status')),
  class: 'compliance_finding',
  versions: VERSIONS,
  adjust: SINGLE_RESOURCE,
  profiles: ['cloud'],
  event: {
    ...finding,
    severity_id: choose(isFine, 1, lookup('properties.metadata.severity', SEVERITIES, 0, { ignoreCase: true })),
    finding_info: {
      uid: from('id'),
      title: from(['properties.displayName', 'properties.metadata.displayName', 'name']),
      desc: from('properties.metadata.description'),
      types: from('properties.metadata.categories', listed),
      created_time: from('properties.status.firstEvaluationDate', isoMs),
      modified_time: from('properties.status.statusChangeDate', isoMs),
      src_url: from('properties.links.azurePortal', portalUrl),
      analytic: { uid: from('name'), name: from('properties.displayName'), type_id: 1 },
    },
    compliance: {
      standards: ['Microsoft Defender for Cloud recommendations'],
      control: from(['properties.displayName', 'properties.metadata.displayName']),
      requirements: [from('properties.metadata.policyDefinitionId')],
      status: from(STATUS),
      status_id: lookup(STATUS, { Healthy: 1, Unhealthy: 3, NotApplicable: 99 }, 0, { ignoreCase: true }),
      status_code: from('properties.status.cause'),
      status_detail: from('properties.status.description'),
    },
    remediation: { desc: from('properties.metadata.remediationDescription') },
  },
});

/**
 * A finding below a recommendation that is no vulnerability: a rule of a baseline, a secret, a setting of a database.
 * @see https://learn.microsoft.com/rest/api/defenderforcloud-composite/sub-assessments
 */
export const subAssessment = defineMapping({
  stream: STREAM,
  when: all(isType('assessments/subassessments'), not(hasCve)),
  class: 'compliance_finding',
  versions: VERSIONS,
  adjust: SINGLE_RESOURCE,
  profiles: ['cloud'],
  event: {
    ...finding,
    severity_id: choose(isFine, 1, lookup('properties.status.severity', SEVERITIES, 0, { ignoreCase: true })),
    finding_info: {
      uid: from('id'),
      title: from(['properties.displayName', 'properties.id', 'name']),
      desc: from('properties.description'),
      types: [from('properties.category')],
      analytic: { uid: from('properties.id'), name: from('properties.displayName'), type_id: 1 },
    },
    compliance: {
      standards: ['Microsoft Defender for Cloud recommendations'],
      control: from('properties.displayName'),
      requirements: [from('properties.id')],
      status: from(STATUS),
      status_id: lookup(STATUS, { Healthy: 1, Unhealthy: 3, NotApplicable: 99 }, 0, { ignoreCase: true }),
      status_code: from('properties.status.cause'),
      status_detail: from('properties.impact'),
    },
    remediation: { desc: from('properties.remediation') },
  },
});
