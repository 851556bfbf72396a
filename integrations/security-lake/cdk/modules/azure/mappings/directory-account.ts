// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, defineMapping, equals, from, gives, lookup } from 'slake/contract';
import { audit, isAudit } from './shapes/audit.ts';
import { ACTIVITY } from './shapes/entra.ts';
import { STREAM } from './shapes/stream.ts';
import { FIRST } from './shapes/target.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

/** Activities on accounts, and what OCSF calls them; 99 is a change that OCSF has no name for. */
const ACTIVITIES = {
  'Add user': 1,
  'Create user': 1,
  'Invite external user': 1,
  'Invite internal user': 1,
  'Enable account': 2,
  'Restore user': 2,
  'Change password (self-service)': 3,
  'Change user password': 3,
  'Reset password (by admin)': 4,
  'Reset password (self-service)': 4,
  'Reset user password': 4,
  'Disable account': 5,
  'Delete user': 6,
  'Hard Delete user': 6,
  'Admin registered security info': 10,
  'Enable Strong Authentication': 10,
  'User registered security info': 10,
  'User registered all required security info': 10,
  'Admin deleted security info': 11,
  'Disable Strong Authentication': 11,
  'User deleted security info': 11,
  'Set force change user password': 99,
  'Unlock user account (self-service)': 99,
  'Update StsRefreshTokenValidFrom Timestamp': 99,
  'Update user': 99,
  'User changed default security info': 99,
} as const;

const uid = from(`${FIRST}.id`);
const name = from([`${FIRST}.userPrincipalName`, `${FIRST}.displayName`]);

/**
 * An account of Entra ID is made, changed or deleted, or its password or second factor is.
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
 */
export const directoryAccount = defineMapping({
  stream: STREAM,
  when: all(isAudit, equals(ACTIVITY, ...Object.keys(ACTIVITIES)), any(gives(uid), gives(name))),
  class: 'account_change',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud'],
  event: {
    ...audit,
    activity_id: lookup(ACTIVITY, ACTIVITIES, 0),
    activity_name: from(ACTIVITY),
    user: {
      uid,
      name,
      full_name: from(`${FIRST}.displayName`),
      type_id: lookup(`${FIRST}.type`, { User: 1 }, 0, { ignoreCase: true }),
    },
  },
});
