// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, compute, defineMapping, from, has, not } from 'slake/contract';
import { resourceName } from './shapes/azure-resource.ts';
import { counts, isType, posture, subscriptionPath } from './shapes/posture.ts';
import { STREAM } from './shapes/stream.ts';
import { SINGLE_RESOURCE, VERSIONS } from './shapes/versions.ts';

const SCORE = 'properties.score';
const COUNTS = ['healthyResourceCount', 'unhealthyResourceCount', 'notApplicableResourceCount'] as const;

const finding = {
  ...posture,
  severity_id: 1,
  resources: [
    {
      uid: from('id', subscriptionPath),
      name: from('id', (value) => resourceName(subscriptionPath(value))),
      type: 'Microsoft.Resources/subscriptions',
    },
  ],
} as const;

const compliance = {
  standards: ['Microsoft Defender for Cloud secure score'],
  control: from(['properties.displayName', 'name']),
  status_id: compute([`${SCORE}.current`, `${SCORE}.max`], (current, max) => {
    if (typeof current !== 'number' || typeof max !== 'number' || max <= 0) return undefined;
    if (current >= max) return 1;
    return current <= 0 ? 3 : 2;
  }),
  status_code: from(`${SCORE}.percentage`),
  status_detail: compute(
    [`${SCORE}.current`, `${SCORE}.max`, ...COUNTS.map((name) => `properties.${name}`)],
    (current, max, ...resources) => {
      if (typeof current !== 'number' || typeof max !== 'number') return undefined;
      const found = counts(resources, ['healthy', 'unhealthy', 'not applicable']);
      return `${current} of ${max} points${found === undefined ? '' : `; resources: ${found}`}`;
    },
  ),
} as const;

/**
 * The secure score of a subscription.
 * @see https://learn.microsoft.com/rest/api/defenderforcloud-composite/secure-scores
 */
export const secureScore = defineMapping({
  stream: STREAM,
  when: all(isType('securescores'), has(SCORE), not(isType('securescores/securescorecontrols'))),
  class: 'compliance_finding',
  versions: VERSIONS,
  adjust: SINGLE_RESOURCE,
  profiles: ['cloud'],
  event: {
    ...finding,
    finding_info: { uid: from('id'), title: from(['properties.displayName', 'name']), types: ['Secure score'] },
    compliance,
  },
});

/** One control of the secure score of a subscription. */
export const secureScoreControl = defineMapping({
  stream: STREAM,
  when: all(isType('securescores/securescorecontrols'), has(SCORE)),
  class: 'compliance_finding',
  versions: VERSIONS,
  adjust: SINGLE_RESOURCE,
  profiles: ['cloud'],
  event: {
    ...finding,
    finding_info: {
      uid: from('id'),
      title: from(['properties.displayName', 'name']),
      desc: from('properties.definition.properties.description'),
      types: ['Secure score control'],
      analytic: { uid: from('name'), name: from('properties.displayName'), type_id: 1 },
    },
    compliance,
  },
});
