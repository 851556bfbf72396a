// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, choose, compute, contains, defineMapping, from, has, lookup, url } from 'slake/contract';
import { mayBeId, resourceName } from './shapes/azure-resource.ts';
import { counts, isType, posture, subscriptionPath } from './shapes/posture.ts';
import { STREAM } from './shapes/stream.ts';
import { SINGLE_RESOURCE, VERSIONS } from './shapes/versions.ts';

const STATE = 'properties.state';
const PASSED = ['passedResources', 'failedResources', 'skippedResources', 'unsupportedResources'] as const;

/**
 * How a subscription stands to a standard: an assessment of a control, a control, or the standard as a whole.
 * @see https://learn.microsoft.com/rest/api/defenderforcloud-composite/regulatory-compliance-assessments
 */
export const regulatoryCompliance = defineMapping({
  stream: STREAM,
  when: all(isType('regulatorycompliance'), contains('id', '/regulatorycompliancestandards/'), has(STATE)),
  class: 'compliance_finding',
  versions: VERSIONS,
  adjust: SINGLE_RESOURCE,
  profiles: ['cloud'],
  event: {
    ...posture,
    severity_id: choose(contains(STATE, 'Failed'), 3, 1),
    status_id: lookup(STATE, { Failed: 1, Skipped: 3, Unsupported: 3, Passed: 4 }, 0, { ignoreCase: true }),
    finding_info: {
      uid: from('id'),
      title: from(['properties.description', 'name']),
      types: from('type', (type) => (typeof type === 'string' ? [type.replace(/^.*\//, '')] : undefined)),
      src_url: from('properties.assessmentDetailsLink', url),
      analytic: { uid: from('name'), name: from('properties.description'), type_id: 1 },
    },
    compliance: {
      standards: from('id', (id) => {
        const standard = after(id, 'regulatoryComplianceStandards');
        return standard === undefined ? undefined : [standard];
      }),
      control: from('id', (id) => after(id, 'regulatoryComplianceControls')),
      requirements: [from('properties.description')],
      status: from(STATE),
      status_id: lookup(STATE, { Passed: 1, Failed: 3, Skipped: 99, Unsupported: 99 }, 0, { ignoreCase: true }),
      status_detail: compute(
        PASSED.map((name) => `properties.${name}`),
        (...values) => {
          const found = counts(values, ['passed', 'failed', 'skipped', 'unsupported']);
          return found === undefined ? undefined : `resources: ${found}`;
        },
      ),
    },
    resources: [
      {
        uid: from('id', subscriptionPath),
        name: from('id', (value) => resourceName(subscriptionPath(value))),
        type: 'Microsoft.Resources/subscriptions',
      },
    ],
  },
});

/** The segment of a resource id behind the one of this name. */
function after(id: unknown, name: string): string | undefined {
  if (!mayBeId(id)) return undefined;
  const parts = id.split('/');
  const at = parts.findIndex((part) => part.toLowerCase() === name.toLowerCase());
  return at < 0 ? undefined : parts[at + 1] || undefined;
}
