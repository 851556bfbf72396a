// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { all, compute, defineMapping, from, json } from 'slake/contract';
import { audit, isAudit, modified } from './shapes/audit.ts';
import { isRoleChange } from './shapes/role.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

const ACTIVITY = 'properties.activityDisplayName';
const TARGETS = 'properties.targetResources';

/**
 * A directory role is given to somebody or taken away: assigned directly, or through Privileged Identity Management.
 * Targets stand in any order: who gets the role, the role, and for PIM the request and the directory.
 * @see https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-use-audit-log
 */
export const directoryRole = defineMapping({
  stream: STREAM,
  when: all(isAudit, isRoleChange),
  class: 'user_access',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud', 'host'],
  event: {
    ...audit,
    activity_id: compute([ACTIVITY], (activity) =>
      /\b(remove|deactivate|expired)/i.test(textOf(activity) ?? '') ? 2 : 1,
    ),
    privileges: compute([TARGETS], roles),
    user: {
      uid: compute([TARGETS], (targets) => textOf(receiver(targets)?.id)),
      name: compute([TARGETS], (targets) => {
        const target = receiver(targets);
        return textOf(target?.userPrincipalName) ?? textOf(target?.displayName);
      }),
      type: compute([TARGETS], (targets) => textOf(receiver(targets)?.type)),
      type_id: compute([TARGETS], (targets) => (receiver(targets)?.type === 'User' ? 1 : 99)),
    },
    resource: {
      uid: compute([TARGETS], (targets) => textOf(role(targets)?.id)),
      name: compute([TARGETS], (targets) => roles(targets)?.[0]),
      type: 'Role',
      data: from(TARGETS, json),
    },
  },
});

type Target = Readonly<Record<string, unknown>>;

function list(targets: unknown): readonly Target[] {
  return Array.isArray(targets) ? targets.filter((target) => typeof target === 'object' && target !== null) : [];
}

function receiver(targets: unknown): Target | undefined {
  const kinds = ['User', 'ServicePrincipal', 'Group', 'Device'];
  return list(targets).find(({ type }) => kinds.includes(textOf(type) ?? ''));
}

function role(targets: unknown): Target | undefined {
  return list(targets).find(({ type }) => type === 'Role');
}

function roles(targets: unknown): string[] | undefined {
  const named = list(targets).map(({ modifiedProperties }) => {
    return modified(modifiedProperties, 'Role.DisplayName');
  });
  const found = [...named, textOf(role(targets)?.displayName)].filter((name) => name !== undefined);
  if (found.length > 0) return [...new Set(found)];
  const uid = textOf(role(targets)?.id);
  return uid === undefined ? undefined : [uid];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
