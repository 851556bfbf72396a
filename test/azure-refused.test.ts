// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// No record of Entra ID is refused because something in it is missing or is not what it mostly is.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadModule } from '../src/module/load.ts';
import { loadProgram, mappingFiles } from '../src/pipeline/build/load-program.ts';
import { runSamples, tryEvent } from '../src/pipeline/build/sample.ts';
import type { OcsfEvent } from '../src/pipeline/map/mapper.ts';
import { judgeEvent } from '../src/pipeline/transform.ts';
import { CDK_FOLDER } from '../src/release/deploy.ts';

const folder = join(resolve(import.meta.dirname, '..'), CDK_FOLDER, 'modules', 'azure');
const { mappings } = await loadModule(folder, 'azure');
const files = mappingFiles(folder, mappings);
const VERSIONS = ['1.1.0', '1.3.0', '1.8.0'] as const;
const programs = await Promise.all(VERSIONS.map(async (version) => (await loadProgram(files, version)).program));
const usual = programs[1] as (typeof programs)[number];
const LONG = 'A'.repeat(65_536);

type Fields = Readonly<Record<string, unknown>>;

function sample(name: string): Fields & { readonly properties: Fields } {
  return JSON.parse(readFileSync(join(folder, 'samples', `${name}.raw.json`), 'utf8'));
}

/** A sample with other properties. */
function withProperties(name: string, properties: Fields): Fields {
  const raw = sample(name);
  return { ...raw, properties: { ...raw.properties, ...properties } };
}

/** The row of an event in the usual version; in each version it is taken by one mapping, and valid. */
function row(event: Fields): OcsfEvent {
  for (const program of programs) {
    const { rivals, reasons } = tryEvent(program, event, 'event');
    expect({ rivals, reasons }).toEqual({ rivals: [], reasons: [] });
  }
  return JSON.parse(JSON.stringify(tryEvent(usual, event, 'event').rows[0])) as OcsfEvent;
}

const USER = { id: 'u', type: 'User', userPrincipalName: 'ada@contoso.example' };
const ROLE = { id: 'r', type: 'Role', displayName: 'Security Reader' };
const GROUP = { id: 'g', type: 'Group', displayName: 'Payroll admins' };

describe('a record that does not say which role is given, or to whom', () => {
  test.each([
    ['a role alone', [ROLE], { uid: 'r', name: 'Security Reader', type: 'Role' }],
    ['a user alone', [USER], { uid: 'u', name: 'ada@contoso.example', type: 'User', type_id: 2 }],
    ['a user whose properties tell none', [{ ...USER, modifiedProperties: [] }], { uid: 'u', type_id: 2 }],
    ['somebody of no known type', [{ id: 'u', type: 'Other', displayName: 'o' }, ROLE], { uid: 'u', type: 'Other' }],
    ['a user without id and name', [ROLE, { type: 'User' }], { uid: 'r', type: 'Role' }],
    ['a role without id and name', [USER, { type: 'Role' }], { uid: 'u', type_id: 2 }],
    ['a role whose name is too long', [USER, { type: 'Role', displayName: LONG }], { uid: 'u', type_id: 2 }],
  ])('is a change of its first target: %s', (_, targetResources, entity) => {
    const { type_uid, entity: found } = row(withProperties('directory-role-assigned', { targetResources }));

    expect({ type_uid, entity: found }).toMatchObject({ type_uid: 300403, entity });
  });
});

test.each(['User', 'user', 'USER'])('a role is given to a %s, whatever the case of letters', (type) => {
  const targetResources = [
    { ...USER, type },
    { ...ROLE, type: type === 'User' ? 'Role' : 'role' },
  ];

  expect(row(withProperties('directory-role-assigned', { targetResources }))).toMatchObject({
    type_uid: 300501,
    user: { uid: 'u', name: 'ada@contoso.example', type_id: 1 },
    privileges: ['Security Reader'],
    resource: { uid: 'r', name: 'Security Reader' },
  });
});

test('a permanent assignment that is removed is one wherever the role stands', () => {
  const targetResources = [USER, { ...ROLE, type: 'role' }];

  expect(row(withProperties('directory-role-pim-direct-removed', { targetResources }))).toMatchObject({
    type_uid: 300502,
    user: { uid: 'u' },
    privileges: ['Security Reader'],
  });
});

const gained = [{ displayName: 'Group.DisplayName', oldValue: null, newValue: '"Payroll admins"' }];

describe.each([
  ['directory-group-member-added', 300603, 'group'],
  ['directory-group-owner-added', 300501, 'resource'],
] as const)('of %s', (name, type_uid, group) => {
  test.each([
    ['as Entra ID writes them', [USER, GROUP]],
    ['the other way round', [GROUP, USER]],
    [
      'in lower case',
      [
        { ...GROUP, type: 'group' },
        { ...USER, type: 'user' },
      ],
    ],
    ['with others between', [GROUP, { id: 'q', type: 'Request' }, { id: 'd', type: 'Directory' }, USER]],
    ['the group without a type', [{ ...GROUP, type: undefined }, USER]],
    ['the user without a type', [GROUP, { ...USER, type: null }]],
    [
      'both without a type',
      [
        { ...USER, type: '' },
        { ...GROUP, type: 'Other' },
      ],
    ],
    ['what is no object between', [null, GROUP, USER]],
  ])('the targets are told apart: %s', (_, targetResources) => {
    const event = row(withProperties(name, { targetResources }));

    expect(event).toMatchObject({ type_uid, user: { uid: 'u', name: USER.userPrincipalName } });
    expect(event[group]).toMatchObject({ uid: 'g', name: 'Payroll admins' });
  });

  const inner = { ...GROUP, id: 'inner', displayName: 'Clerks' };

  test.each([
    ['the first one', [inner, GROUP]],
    ['the one that gained a group', [GROUP, { ...inner, modifiedProperties: gained }]],
  ])('a group in a group is %s', (_, targetResources) => {
    const event = row(withProperties(name, { targetResources }));

    expect(event).toMatchObject({ type_uid, user: { uid: 'inner', name: 'Clerks' } });
    expect(event[group]).toMatchObject({ uid: 'g', name: 'Payroll admins' });
  });

  test('the group is told by what the user gained', () => {
    const event = row(withProperties(name, { targetResources: [{ ...USER, modifiedProperties: gained }] }));

    expect(event).toMatchObject({ type_uid, user: { uid: 'u' } });
    expect(event[group]).toMatchObject({ name: 'Payroll admins' });
  });

  test('a group alone gains nobody', () => {
    expect(row(withProperties(name, { targetResources: [GROUP] }))).toMatchObject({
      type_uid: 300403,
      entity: { uid: 'g', type_id: 3 },
    });
  });

  test('nothing is left out of unmapped', () => {
    const targetResources = [
      { ...GROUP, groupType: 'unifiedGroups', kept: 'of the group' },
      { ...USER, kept: 'of the user', modifiedProperties: gained },
    ];

    const text = JSON.stringify({ ...row(withProperties(name, { targetResources })), raw_data: '' });
    for (const value of ['of the group', 'of the user', 'unifiedGroups']) expect(text).toContain(value);
  });
});

test('a member of no group is a change of the user', () => {
  const targetResources = [{ id: 'u', type: 'User' }];

  expect(row(withProperties('directory-group-member-added', { targetResources }))).toMatchObject({
    type_uid: 300403,
    entity: { uid: 'u', type_id: 2 },
  });
});

test.each([[undefined], [null], [[]], [{}], [[null]], [[{ id: {} }]]])(
  'a change of an account that targets %j is an activity',
  (targetResources) => {
    for (const name of [
      'directory-account-password-reset',
      'directory-role-assigned',
      'directory-group-member-added',
    ]) {
      expect(row(withProperties(name, { targetResources }))).toMatchObject({ class_uid: 6003 });
    }
  },
);

test('an activity of nobody is of an unknown one', () => {
  const event = {
    category: 'AuditLogs',
    time: '2026-01-15T11:00:00Z',
    properties: { loggedByService: 'Core Directory' },
  };

  expect(row(event)).toMatchObject({
    class_uid: 6003,
    actor: { app_name: 'Unknown' },
    api: { operation: 'Unknown' },
    src_endpoint: { svc_name: 'Core Directory' },
  });
});

describe.each([[[]], [{}], [{ x: 1 }], [LONG]])('a value that is no text that OCSF takes', (value) => {
  test('tells nobody who signs in', () => {
    const events = [
      withProperties('sign-in-nobody', { userDisplayName: value }),
      withProperties('sign-in-nobody', { userId: value }),
      { ...sample('sign-in-identity-alone'), identity: value },
      withProperties('workload-sign-in-app-alone', { appId: value, appDisplayName: null }),
    ];
    for (const event of events) expect(row(event)).toMatchObject({ user: { name: 'Unknown' } });
  });

  test('tells no service that one signs in to', () => {
    const nothing = { appId: value, appDisplayName: value, resourceDisplayName: null, resourceId: null };

    expect(row(withProperties('sign-in-nobody', nothing))).toMatchObject({ service: { name: 'Microsoft Entra ID' } });
  });

  test('tells no product of an alert', () => {
    expect(row({ ...sample('security-alert-minimal'), ProductName: value, VendorName: value })).toMatchObject({
      metadata: { product: { name: 'Microsoft Defender for Cloud', vendor_name: 'Microsoft' } },
    });
  });
});

/** Why a record of Entra ID may be refused, and of which that is true. */
const REFUSALS: Readonly<Record<string, (event: Fields, properties: Fields) => boolean>> = {
  // No time can be read, and none is made up.
  'attribute_required_missing time': ({ time }, { createdDateTime, activityDateTime }) =>
    ![time, createdDateTime, activityDateTime].some(isTime),
  // Nothing but its category tells that a record is a sign-in, and nothing but two of its fields that it is of the audit log.
  'unmatched ': ({ category }, { activityDisplayName, initiatedBy, loggedByService }) =>
    !/SignInLogs$/.test(String(category)) &&
    !(activityDisplayName && initiatedBy) &&
    !(category === 'AuditLogs' && loggedByService),
};

function isTime(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('2026-');
}

const GONE = Symbol('gone');
const OTHERS = [GONE, null, '', [], {}, 0, 'x', ['x'], { x: 1 }];

/** The value with each field in it, at any depth, replaced in turn by each of the others, or gone. */
function* changes(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, field] of Object.entries(value)) {
    for (const other of OTHERS) yield changed(value, key, other);
    for (const other of changes(field)) yield changed(value, key, other);
  }
}

function changed(value: object, key: string, other: unknown): unknown {
  const entries = Object.entries(value).flatMap(([name, field]) => {
    if (name !== key) return [[name, field] as const];
    return other === GONE ? [] : [[name, other] as const];
  });
  return Array.isArray(value) ? entries.map(([, field]) => field) : Object.fromEntries(entries);
}

/** Records that tell no more than they must, so that each field counts. */
function sparse(activityDisplayName: string, ...targetResources: readonly Fields[]): Fields {
  const initiatedBy = { app: { appId: 'a' } };
  return { time: '2026-01-15T11:00:00Z', properties: { activityDisplayName, initiatedBy, targetResources } };
}

const records: readonly (readonly [name: string, raw: unknown])[] = [
  ...runSamples(folder, usual)
    .filter(({ name }) => /^(directory|sign-in|workload-sign-in)-/.test(name))
    .map(({ name, raw }) => [name, raw] as const),
  ['a role alone', sparse('Add member to role', ROLE)],
  ['a role and a user', sparse('Add member to role', { id: 'u', type: 'User' }, { id: 'r', type: 'Role' })],
  ['a group and a member', sparse('Add member to group', { id: 'g', type: 'Group' }, { id: 'u', type: 'User' })],
  ['a member that tells the group', sparse('Add member to group', { id: 'u', modifiedProperties: gained })],
  ['a group and an owner', sparse('Add owner to group', { id: 'g', type: 'Group' }, { id: 'u', type: 'User' })],
  ['an account', sparse('Update user', { userPrincipalName: 'ada@contoso.example' })],
  ['a policy', sparse('Update policy', { displayName: 'Block legacy authentication' })],
  [
    'nothing',
    { time: '2026-01-15T11:00:00Z', category: 'AuditLogs', properties: { loggedByService: 'Core Directory' } },
  ],
  ['a sign-in', { time: '2026-01-15T11:00:00Z', category: 'SignInLogs', properties: { userId: 'u' } }],
  ['a workload', { time: '2026-01-15T11:00:00Z', category: 'ServicePrincipalSignInLogs', properties: { appId: 'a' } }],
];

test.each(records)('whatever one field is, the record is not refused: %s', (_, raw) => {
  for (const data of changes(raw) as Iterable<Fields>) {
    const rawText = JSON.stringify(data);
    const [first, ...others] = usual.mappings.filter((mapping) => mapping.matches(data));
    const rivals = others.filter(({ priority }) => priority === first?.priority).map(({ name }) => name);
    const refused = programs.flatMap((program) => {
      const stream = program.mappings[0]?.stream ?? '';
      const outcome = judgeEvent(program, {
        event: { id: 'event', stream, data, rawText, time: '2026-01-15T12:00:00Z' },
      });
      const reasons = 'reasons' in outcome ? outcome.reasons.map(({ code, path }) => `${code} ${path}`) : [];
      return reasons.filter((reason) => !REFUSALS[reason]?.(data, (data.properties ?? {}) as Fields));
    });
    // To expect something takes longer than to map, and there are thousands of records.
    if (rivals.length > 0 || refused.length > 0)
      expect({ data, rivals, refused }).toEqual({ data, rivals: [], refused: [] });
  }
});
