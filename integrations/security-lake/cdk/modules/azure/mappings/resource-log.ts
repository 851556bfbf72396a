// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, choose, defineMapping, equals, has, lookup } from 'slake/contract';
import { call } from './shapes/activity.ts';
import { RISK_SEVERITIES } from './shapes/risk.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

/** Logs of storage name the account in the address where a relay has left out the resource. */
const isStorage = equals('category', 'StorageRead', 'StorageWrite', 'StorageDelete');

/**
 * Any other record of a diagnostic setting: the logs of Key Vault, storage, Kubernetes and others. Only what all of
 * them share is mapped; what is particular stays in `unmapped`.
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/resource-logs-schema
 */
export const resourceLog = defineMapping({
  stream: STREAM,
  when: all(has('operationName'), any(has('resourceId'), has('ResourceId'), has('properties.entity'), isStorage)),
  priority: -30,
  class: 'api_activity',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud'],
  event: {
    ...call,
    // A risk of a kind that has no mapping of its own is one all the same.
    severity_id: choose<0 | 1 | 2 | 3 | 4 | 5>(
      equals('properties.riskLevel', ...Object.keys(RISK_SEVERITIES)),
      lookup('properties.riskLevel', RISK_SEVERITIES, 0),
      call.severity_id,
    ),
    metadata: {
      ...call.metadata,
      product: { name: 'Microsoft Azure', vendor_name: 'Microsoft', feature: { name: 'Resource logs' } },
    },
  },
});
