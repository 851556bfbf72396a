// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  any,
  choose,
  compute,
  type Expression,
  from,
  gives,
  type Literal,
  lookup,
  type Path,
  text,
} from 'slake/contract';
import { modified } from './audit.ts';

/** Where the objects stand that an audit record is about. */
export const TARGETS = 'properties.targetResources';
/** The first of them, which most records are about. */
export const FIRST = `${TARGETS}.0` as const;
/** Where the member and the group are looked for; Entra ID writes two targets. */
const POSITIONS = [0, 1, 2, 3] as const;

/** An object that an audit record is about. */
export type Target = Readonly<Record<string, unknown>>;

/** Types of who can have a role, be a member or own something; a group can too, but mostly it is what others are in. */
const PRINCIPALS = ['user', 'serviceprincipal', 'device'];
/** Types of what is neither a member nor a group. */
const NEITHER = ['role', 'request', 'directory', 'policy', 'domain', 'organization', 'administrativeunit'];

/** The targets, each in its place; what is no object is one that tells nothing. */
function targetsOf(targets: unknown): readonly Target[] {
  return Array.isArray(targets) ? targets.map((target) => (isObject(target) ? target : {})) : [];
}

function isObject(value: unknown): value is Target {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The type in lower case: Entra ID writes `User`, relays also `user`. */
function typeOf({ type }: Target): string | undefined {
  return text(type)?.toLowerCase();
}

/** Whether the target tells an id or a name, which OCSF demands of a user and of an entity. */
function isNamed({ id, userPrincipalName, displayName }: Target): boolean {
  return [id, userPrincipalName, displayName].some((value) => text(value) !== undefined);
}

/** Who gets or loses a role: the first target that can have one. */
export function receiverOf(targets: unknown): Target | undefined {
  return targetsOf(targets).find(
    (target) => isNamed(target) && [...PRINCIPALS, 'group'].includes(typeOf(target) ?? ''),
  );
}

/** The first target that is a role. */
export function roleOf(targets: unknown): Target | undefined {
  return targetsOf(targets).find((target) => typeOf(target) === 'role');
}

/** Names of the roles that are given or taken away; the id of the role where it has none. */
export function rolesOf(targets: unknown): string[] | undefined {
  const named = targetsOf(targets).map(({ modifiedProperties }) => modified(modifiedProperties, 'Role.DisplayName'));
  const role = roleOf(targets);
  const found = [...named, text(role?.displayName)].filter((name) => name !== undefined);
  if (found.length > 0) return [...new Set(found)];
  const uid = text(role?.id);
  return uid === undefined ? undefined : [uid];
}

/** Positions of the two targets of a record that is about a group and a member or owner of it. */
interface Pair {
  readonly member?: number | undefined;
  readonly group?: number | undefined;
}

/**
 * Which target is the member or owner, and which the group: by their types, in whatever order they stand. Of two
 * groups the member is the one that gained or lost a group. Where nothing tells, the member is the first.
 */
function pairOf(targets: unknown): Pair {
  if (!Array.isArray(targets)) return {};
  const known = pairs.get(targets) ?? pairAmong(targetsOf(targets.slice(0, POSITIONS.length)));
  pairs.set(targets, known);
  return known;
}

/** Each attribute asks again for the pair of the same record. */
const pairs = new WeakMap<readonly unknown[], Pair>();

function pairAmong(all: readonly Target[]): Pair {
  const types = all.map(typeOf);
  const named = [...all.keys()].filter((at) => isNamed(all[at] as Target));
  const groups = named.filter((at) => types[at] === 'group');
  const principals = named.filter((at) => PRINCIPALS.includes(types[at] ?? ''));
  const others = named.filter((at) => ![...PRINCIPALS, ...NEITHER, 'group'].includes(types[at] ?? ''));
  const unclear = others.filter((at) => ['', 'other'].includes(types[at] ?? ''));

  if (principals.length > 0) return { member: principals[0], group: groups[0] ?? unclear[0] };
  if (groups.length > 1) {
    const member = groups.find((at) => groupOfMember(all[at]) !== undefined) ?? groups[0];
    return { member, group: groups.find((at) => at !== member) };
  }
  if (groups.length === 0) return others[0] === 0 ? { member: 0, group: unclear.find((at) => at > 0) } : {};
  if (others.length > 0) return { member: others[0], group: groups[0] };
  // A group alone: what it gained or lost may tell that it is the member.
  return groupOfMember(all[groups[0] as number]) === undefined ? { group: groups[0] } : { member: groups[0] };
}

/** The name of the group that a member joined or left stands among what the member gained or lost. */
function groupOfMember(member: Target | undefined): string | undefined {
  return modified(member?.modifiedProperties, 'Group.DisplayName');
}

/** There is a member or owner, which OCSF demands of a record that is about one. */
export const hasMember = gives(compute([TARGETS], (targets) => pairOf(targets).member));

const nameOfMembersGroup = compute([TARGETS], (targets) => {
  const { member } = pairOf(targets);
  return member === undefined ? undefined : groupOfMember((targets as readonly Target[])[member]);
});

/** The group is told, by its own target or by what the member gained or lost. */
export const hasGroup = any(gives(compute([TARGETS], (targets) => pairOf(targets).group)), gives(nameOfMembersGroup));

/** What `make` makes of the place where the member or the group stands; nothing where there is none. */
export function ofThe<T extends string | number>(
  which: keyof Pair,
  make: (target: Path) => Expression<T>,
): Expression<T> {
  return POSITIONS.reduceRight<Expression<T> | undefined>((otherwise, at) => {
    const isThere = gives(compute([TARGETS], (targets) => pairOf(targets)[which] === at || undefined));
    return choose<T>(isThere, make(`${TARGETS}.${at}`) as Literal<T>, otherwise as Literal<T> | undefined);
  }, undefined) as Expression<T>;
}

/** The member or owner. */
export const member = {
  uid: ofThe('member', (target) => from(`${target}.id`)),
  name: ofThe('member', (target) => from([`${target}.userPrincipalName`, `${target}.displayName`])),
  full_name: ofThe('member', (target) => from(`${target}.displayName`)),
  type_id: ofThe('member', (target) => lookup(`${target}.type`, { User: 1 }, 0, { ignoreCase: true })),
};

/** The group: what the member gained or lost tells its name better than its own target, which mostly has none. */
export const group = {
  uid: ofThe('group', (target) => from(`${target}.id`)),
  name: choose<string>(
    gives(nameOfMembersGroup),
    ofThe('member', (target) =>
      compute([`${target}.modifiedProperties`], (modifiedProperties) => groupOfMember({ modifiedProperties })),
    ),
    ofThe('group', (target) => from([`${target}.displayName`, `${target}.userPrincipalName`])),
  ),
};
