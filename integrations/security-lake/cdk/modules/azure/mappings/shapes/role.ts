// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, any, contains, equals, has, not } from 'slake/contract';

const ACTIVITY = 'properties.activityDisplayName';
const FIRST = 'properties.targetResources.0';

/** Who has a directory role, or may have it. */
const isAboutMembers = any(
  contains(ACTIVITY, 'member to role'),
  contains(ACTIVITY, 'member from role'),
  contains(ACTIVITY, 'member in role'),
);

/** Former names of Privileged Identity Management (PIM); records of those that do not say which role are no change of one. */
const isPermanentAssignment = all(
  any(contains(ACTIVITY, 'permanent direct role assignment'), contains(ACTIVITY, 'permanent eligible role assignment')),
  equals(`${FIRST}.type`, 'Role'),
);

/** A step on the way of a request: made, approved, denied or canceled. What it leads to has a record of its own. */
const isStep = any(
  contains(ACTIVITY, 'request'),
  contains(ACTIVITY, 'approved'),
  contains(ACTIVITY, 'denied'),
  contains(ACTIVITY, 'cancel'),
);

/**
 * A directory role is given or taken away by this record.
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities#privileged-identity-management-pim
 */
export const isRoleChange = all(has(FIRST), any(isAboutMembers, isPermanentAssignment), not(isStep));

/** A request for a directory role goes a step on its way; nobody has or loses the role by that. */
export const isRoleStep = all(any(isAboutMembers, contains(ACTIVITY, 'member in PIM')), isStep);
