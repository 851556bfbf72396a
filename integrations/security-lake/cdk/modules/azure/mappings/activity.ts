// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, defineMapping, has, not } from 'slake/contract';
import { call, isCategory } from './shapes/activity.ts';
import { isAudit } from './shapes/audit.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

/**
 * The activity log: what is done to the resources of a subscription, and what Azure does and tells by itself.
 * Its security alerts and policy evaluations are findings, with mappings of their own.
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema
 */
export const activity = defineMapping({
  stream: STREAM,
  when: all(
    isCategory(
      'Administrative',
      'Alert',
      'Autoscale',
      'Policy',
      'Recommendation',
      'ResourceHealth',
      'Security',
      'ServiceHealth',
    ),
    has('operationName'),
    not(isAudit),
  ),
  priority: -10,
  class: 'api_activity',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud'],
  event: call,
});
