// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, compute, contains, ENVELOPE_TIME, from, isoMs, not, type Path } from 'slake/contract';
import { mayBeId, subscriptionCloud } from './azure-resource.ts';
import { JUDGED } from './judged-resource.ts';

/** The record is of this type of Microsoft.Security; Azure writes types in any case. */
export function isType(type: string) {
  return contains('type', `microsoft.security/${type}`);
}

const ENRICHMENTS = [
  'assessmentEventDataEnrichment',
  'AssessmentEventDataEnrichment',
  'subAssessmentEventDataEnrichment',
  'SubAssessmentEventDataEnrichment',
  'securityEventDataEnrichment',
  'SecurityEventDataEnrichment',
] as const;
const ACTIONS: readonly Path[] = ENRICHMENTS.flatMap((name) => [`${name}.action`, `${name}.Action`]);

/**
 * What continuous export sends of the state of subscriptions has in common. Most of it has no time of its own: then
 * it is of the time at which the event hub took it.
 * @see https://learn.microsoft.com/azure/defender-for-cloud/continuous-export-event-hub-firewall
 */
export const posture = {
  time: from(['properties.timeGenerated', ENVELOPE_TIME], isoMs),
  activity_id: compute(ACTIONS, (...actions) => {
    const action = actions.find((text): text is string => typeof text === 'string')?.toLowerCase();
    if (action === 'insert') return 1;
    if (action === 'write' || action === 'update') return 2;
    return action === 'delete' ? 3 : 0;
  }),
  cloud: subscriptionCloud(JUDGED),
  metadata: {
    event_code: from('type'),
    original_time: from(['properties.timeGenerated', ENVELOPE_TIME]),
    tenant_uid: from('tenantId'),
    product: { name: 'Microsoft Defender for Cloud', vendor_name: 'Microsoft' },
  },
} as const;

/** Where a recommendation tells how its resource was judged: `Healthy`, `Unhealthy` or `NotApplicable`, in any case. */
export const STATUS = 'properties.status.code';

/** Nothing has to be done about the resource: that is worth no alarm, whatever it were worth otherwise. */
export const isFine = any(
  all(contains(STATUS, 'Healthy'), not(contains(STATUS, 'Unhealthy'))),
  contains(STATUS, 'NotApplicable'),
);

/** The portal is named without scheme. */
export function portalUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (/^https:\/\/\S+$/i.test(value)) return value;
  return /^(ms\.)?portal\.azure\.[a-z]+\/\S*$/i.test(value) ? `https://${value}` : undefined;
}

/** `/subscriptions/<id>` of any id below it. */
export function subscriptionPath(value: unknown): string | undefined {
  return mayBeId(value) ? /^\/subscriptions\/[^/]+/i.exec(value)?.[0] : undefined;
}

/** `<count> <what>, ...` of those counts that are there. */
export function counts(values: readonly unknown[], names: readonly string[]): string | undefined {
  const found = names.flatMap((name, at) => (typeof values[at] === 'number' ? [`${values[at]} ${name}`] : []));
  return found.length === 0 ? undefined : found.join(', ');
}
