// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, compute, defineMapping, from, has, not, parsedJson } from 'slake/contract';
import { isCategory, record, recordResource } from './shapes/activity.ts';
import { isAudit } from './shapes/audit.ts';
import { STREAM } from './shapes/stream.ts';
import { SINGLE_RESOURCE, VERSIONS } from './shapes/versions.ts';

const POLICIES = 'properties.policies';
const RESOURCE = ['properties.entity', 'resourceId'] as const;

type Policy = Readonly<Record<string, unknown>>;

/**
 * Azure Policy met a resource that a policy speaks of (activity log, category Policy): it is only told of what does
 * not comply, and of what a policy changed.
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema#policy-category
 */
export const policy = defineMapping({
  stream: STREAM,
  when: all(isCategory('Policy'), has(POLICIES), not(isAudit)),
  class: 'compliance_finding',
  versions: VERSIONS,
  adjust: SINGLE_RESOURCE,
  profiles: ['cloud'],
  event: {
    ...record,
    activity_id: 1,
    status_id: 1,
    finding_info: {
      // The same resource and policy are the same finding, however often it is evaluated.
      uid: compute([POLICIES, ...RESOURCE, 'correlationId'], (policies, ...ids) => {
        const definition = first(policies, 'policyDefinitionId', 'policyDefinitionName');
        const resource = ids.find((id) => typeof id === 'string' && id !== '');
        return typeof resource === 'string' ? (definition ? `${definition}@${resource}` : resource) : definition;
      }),
      title: compute([POLICIES, 'properties.message', 'operationName'], (policies, ...names) => {
        const name = names.find((text): text is string => typeof text === 'string' && text !== '');
        return first(policies, 'policyDefinitionDisplayName', 'policyDefinitionName', 'policyDefinitionId') ?? name;
      }),
      types: [from('properties.message')],
      created_time: record.time,
    },
    compliance: {
      standards: compute([POLICIES], (policies) => {
        const sets = every(policies, 'policySetDefinitionDisplayName', 'policySetDefinitionName');
        if (sets.length > 0) return sets;
        const assignments = every(policies, 'policyAssignmentDisplayName', 'policyAssignmentName');
        return assignments.length > 0 ? assignments : ['Azure Policy'];
      }),
      control: compute([POLICIES], (policies) => {
        return first(policies, 'policyDefinitionReferenceId', 'policyDefinitionDisplayName', 'policyDefinitionName');
      }),
      requirements: compute([POLICIES], (policies) => {
        const names = every(policies, 'policyDefinitionDisplayName', 'policyDefinitionName', 'policyDefinitionId');
        return names.length > 0 ? names : undefined;
      }),
      status_id: compute(['properties.message', 'operationName'], (...names) => {
        const effect = names.find((text): text is string => typeof text === 'string' && text.includes('/'));
        return effect === undefined ? undefined : effectOf(effect.toLowerCase());
      }),
      status_code: compute([POLICIES], (policies) => first(policies, 'policyDefinitionEffect')),
    },
    resources: [recordResource],
  },
});

/** `Microsoft.Authorization/policies/audit/action`: audit and deny tell of a violation, the others mend it. */
function effectOf(operation: string): 2 | 3 | 0 {
  if (/\/(audit|auditifnotexists|deny|denyaction)\/action$/.test(operation)) return 3;
  return /\/(append|modify|deployifnotexists)\/action$/.test(operation) ? 2 : 0;
}

function list(policies: unknown): readonly Policy[] {
  const parsed = Array.isArray(policies) ? policies : parsedJson(policies);
  return Array.isArray(parsed) ? parsed.filter((one) => typeof one === 'object' && one !== null) : [];
}

/** The first text under one of the names, for each policy. */
function every(policies: unknown, ...names: readonly string[]): string[] {
  const found = list(policies).map((one) => {
    return names.map((name) => one[name]).find((text): text is string => typeof text === 'string' && text !== '');
  });
  return [...new Set(found.filter((text) => text !== undefined))];
}

function first(policies: unknown, ...names: readonly string[]): string | undefined {
  return every(policies, ...names)[0];
}
