// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, compute, defineMapping, equals, from, lookup } from 'slake/contract';
import { audit, isAudit, modified } from './shapes/audit.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

const ACTIVITIES = { 'Add member to group': 3, 'Remove member from group': 4 } as const;
const MODIFIED = 'properties.targetResources.0.modifiedProperties';

/** A group of Entra ID gets or loses a member: the first target is the member, the second the group. */
export const directoryGroup = defineMapping({
  stream: STREAM,
  when: all(isAudit, equals('properties.activityDisplayName', ...Object.keys(ACTIVITIES))),
  class: 'group_management',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud', 'host'],
  event: {
    ...audit,
    activity_id: lookup('properties.activityDisplayName', ACTIVITIES, 0),
    user: {
      uid: from('properties.targetResources.0.id'),
      name: from(['properties.targetResources.0.userPrincipalName', 'properties.targetResources.0.displayName']),
      full_name: from('properties.targetResources.0.displayName'),
      type_id: lookup('properties.targetResources.0.type', { User: 1 }, 0),
    },
    group: {
      uid: from('properties.targetResources.1.id'),
      name: compute([MODIFIED, 'properties.targetResources.1.displayName'], (properties, name) => {
        return modified(properties, 'Group.DisplayName') ?? (typeof name === 'string' && name ? name : undefined);
      }),
      type: from('properties.targetResources.1.groupType'),
    },
  },
});
