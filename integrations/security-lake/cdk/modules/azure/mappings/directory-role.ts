// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, compute, defineMapping, from, gives, json, text } from 'slake/contract';
import { audit, isAudit } from './shapes/audit.ts';
import { ACTIVITY } from './shapes/entra.ts';
import { isRoleChange } from './shapes/role.ts';
import { STREAM } from './shapes/stream.ts';
import { receiverOf, roleOf, rolesOf, TARGETS } from './shapes/target.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

const privileges = compute([TARGETS], rolesOf);
/** Who gets or loses the role: OCSF demands a name or an id. */
const receiver = {
  uid: compute([TARGETS], (targets) => text(receiverOf(targets)?.id)),
  name: compute([TARGETS], (targets) => {
    const target = receiverOf(targets);
    return text(target?.userPrincipalName) ?? text(target?.displayName);
  }),
};

/**
 * A directory role is given to somebody or taken away: assigned directly, or through Privileged Identity Management.
 * Targets stand in any order: who gets the role, the role, and for PIM the request and the directory.
 * @see https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-use-audit-log
 */
export const directoryRole = defineMapping({
  stream: STREAM,
  when: all(isAudit, isRoleChange, gives(privileges), any(gives(receiver.uid), gives(receiver.name))),
  class: 'user_access',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud', 'host'],
  event: {
    ...audit,
    activity_id: compute([ACTIVITY], (activity) =>
      /\b(remove|deactivate|expired)/i.test(text(activity) ?? '') ? 2 : 1,
    ),
    privileges,
    user: {
      ...receiver,
      type: compute([TARGETS], (targets) => text(receiverOf(targets)?.type)),
      type_id: compute([TARGETS], (targets) => (/^user$/i.test(text(receiverOf(targets)?.type) ?? '') ? 1 : 99)),
    },
    resource: {
      uid: compute([TARGETS], (targets) => text(roleOf(targets)?.id)),
      name: compute([TARGETS], (targets) => rolesOf(targets)?.[0]),
      type: 'Role',
      data: from(TARGETS, json),
    },
  },
});
