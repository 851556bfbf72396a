// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, contains, not } from 'slake/contract';
import { ACTIVITY } from './entra.ts';

/** Who has a directory role, or may have it. */
const isAboutMembers = any(
  contains(ACTIVITY, 'member to role'),
  contains(ACTIVITY, 'member from role'),
  contains(ACTIVITY, 'member in role'),
);

/** Former names of Privileged Identity Management (PIM). */
const isPermanentAssignment = any(
  contains(ACTIVITY, 'permanent direct role assignment'),
  contains(ACTIVITY, 'permanent eligible role assignment'),
);

/** A step on the way of a request: made, approved, denied or canceled. What it leads to has a record of its own. */
const isStep = any(
  contains(ACTIVITY, 'request'),
  contains(ACTIVITY, 'approved'),
  contains(ACTIVITY, 'denied'),
  contains(ACTIVITY, 'cancel'),
);

/**
 * A directory role is given or taken away by this record, if it says which role, and to whom.
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities#privileged-identity-management-pim
 */
export const isRoleChange = all(any(isAboutMembers, isPermanentAssignment), not(isStep));

/** A request for a directory role goes a step on its way; nobody has or loses the role by that. */
export const isRoleStep = all(any(isAboutMembers, contains(ACTIVITY, 'member in PIM')), isStep);
