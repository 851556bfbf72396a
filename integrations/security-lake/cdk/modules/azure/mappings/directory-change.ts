// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, choose, defineMapping, from, gives, json, lookup } from 'slake/contract';
import { audit, isAudit } from './shapes/audit.ts';
import { ACTIVITY } from './shapes/entra.ts';
import { isRoleStep } from './shapes/role.ts';
import { STREAM } from './shapes/stream.ts';
import { FIRST, TARGETS } from './shapes/target.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

const uid = from(`${FIRST}.id`);
const name = from([`${FIRST}.displayName`, `${FIRST}.userPrincipalName`]);
const ACTIVITIES = {
  Add: 1,
  Create: 1,
  Assign: 3,
  Unassign: 3,
  Update: 3,
  Delete: 4,
  Remove: 4,
  Enable: 8,
  Disable: 9,
} as const;

/** Any other change of an object of Entra ID: an application, a policy, a group, a device, a domain. */
export const directoryChange = defineMapping({
  stream: STREAM,
  when: all(isAudit, any(gives(uid), gives(name))),
  priority: -10,
  class: 'entity_management',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud', 'host'],
  event: {
    ...audit,
    // The role, which is the first target, is the same after a request for it.
    activity_id: choose<0 | 1 | 3 | 4 | 8 | 9 | 99>(isRoleStep, 99, lookup('properties.operationType', ACTIVITIES, 99)),
    activity_name: from(ACTIVITY),
    entity: {
      uid,
      name,
      type: from(`${FIRST}.type`),
      type_id: lookup(`${FIRST}.type`, { Device: 1, User: 2, Group: 3, Organization: 4, Policy: 5 }, 99, {
        ignoreCase: true,
      }),
      data: from(TARGETS, json),
    },
  },
});
