// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, compute, defineMapping, equals, from, has, json, lookup } from 'slake/contract';
import { audit, isAudit, modified } from './shapes/audit.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

const ACTIVITY = 'properties.activityDisplayName';
const MEMBERS = { 'Add member to group': 3, 'Remove member from group': 4 } as const;
const OWNERS = { 'Add owner to group': 1, 'Remove owner from group': 2 } as const;
const FIRST = 'properties.targetResources.0';
const SECOND = 'properties.targetResources.1';

/** The first target: the member or the owner. */
const user = {
  uid: from(`${FIRST}.id`),
  name: from([`${FIRST}.userPrincipalName`, `${FIRST}.displayName`]),
  full_name: from(`${FIRST}.displayName`),
  type_id: lookup(`${FIRST}.type`, { User: 1 }, 0),
} as const;

/** The second target; its name stands among what the first gained or lost. */
const group = {
  uid: from(`${SECOND}.id`),
  name: compute([`${FIRST}.modifiedProperties`, `${SECOND}.displayName`], (properties, name) => {
    return modified(properties, 'Group.DisplayName') ?? (typeof name === 'string' && name ? name : undefined);
  }),
} as const;

/** A group of Entra ID gets or loses a member. */
export const directoryGroup = defineMapping({
  stream: STREAM,
  when: all(isAudit, equals(ACTIVITY, ...Object.keys(MEMBERS))),
  class: 'group_management',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud', 'host'],
  event: {
    ...audit,
    activity_id: lookup(ACTIVITY, MEMBERS, 0),
    user,
    group: { ...group, type: from(`${SECOND}.groupType`) },
  },
});

/** A group of Entra ID gets or loses an owner: who may change it, but is no member by that. */
export const directoryGroupOwner = defineMapping({
  stream: STREAM,
  when: all(isAudit, has(`${FIRST}.id`), equals(ACTIVITY, ...Object.keys(OWNERS))),
  class: 'user_access',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud', 'host'],
  event: {
    ...audit,
    activity_id: lookup(ACTIVITY, OWNERS, 0),
    privileges: ['Owner'],
    user,
    resource: { ...group, type: 'Group', data: from(SECOND, json) },
  },
});
