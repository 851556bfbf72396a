// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, defineMapping, equals, from, json, lookup } from 'slake/contract';
import { audit, isAudit } from './shapes/audit.ts';
import { ACTIVITY } from './shapes/entra.ts';
import { STREAM } from './shapes/stream.ts';
import { group, hasGroup, hasMember, member, ofThe, TARGETS } from './shapes/target.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

const MEMBERS = { 'Add member to group': 3, 'Remove member from group': 4 } as const;
const OWNERS = { 'Add owner to group': 1, 'Remove owner from group': 2 } as const;

/** A group of Entra ID gets or loses a member. */
export const directoryGroup = defineMapping({
  stream: STREAM,
  when: all(isAudit, equals(ACTIVITY, ...Object.keys(MEMBERS)), hasMember, hasGroup),
  class: 'group_management',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud', 'host'],
  event: {
    ...audit,
    activity_id: lookup(ACTIVITY, MEMBERS, 0),
    user: member,
    group: { ...group, type: ofThe('group', (target) => from(`${target}.groupType`)) },
  },
});

/** A group of Entra ID gets or loses an owner: who may change it, but is no member by that. */
export const directoryGroupOwner = defineMapping({
  stream: STREAM,
  when: all(isAudit, equals(ACTIVITY, ...Object.keys(OWNERS)), hasMember),
  class: 'user_access',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud', 'host'],
  event: {
    ...audit,
    activity_id: lookup(ACTIVITY, OWNERS, 0),
    privileges: ['Owner'],
    user: member,
    resource: { ...group, type: 'Group', data: from(TARGETS, json) },
  },
});
