// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { ACKNOWLEDGED } from '../module/acknowledge.ts';
import { configure, feeds, loadedModule, synthesize } from './stacks.fixture.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Role {
  readonly Properties: {
    readonly Description: string;
    readonly ManagedPolicyArns?: unknown;
    readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  };
}

/** Statements for which the service knows no resource, and why nothing narrower can be said. */
const WHOLE_SERVICE = new Map([
  ['SendTraces', 'X-Ray has no resources'],
  ['ManageLakeSources', 'Security Lake has no resource type for log sources'],
  ['ManageCrawlersViaSecurityLake', 'these actions of Glue take no resource'],
  ['GrantOnTablesViaSecurityLake', 'Lake Formation has no resource types'],
]);

const { core, module } = synthesize(configure({ environment: 'prod' }), [
  loadedModule(feeds, ['authentication', 'detection_finding']),
]);
const roles = [core, module].flatMap((template) =>
  Object.values(template.findResources('AWS::IAM::Role') as unknown as Record<string, Role>),
);
const statements = roles.flatMap(({ Properties }) => statementsOf(Properties));

function statementsOf({ Policies = [] }: Role['Properties']): readonly Statement[] {
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function roleOf(functionName: string): readonly Statement[] {
  const role = roles.find(({ Properties }) => Properties.Description === `Role of the function ${functionName}`);
  return role ? statementsOf(role.Properties) : [];
}

function statement(functionName: string, sid: string): Statement {
  const found = roleOf(functionName).find((candidate) => candidate.Sid === sid);
  if (!found) throw new Error(`${functionName} has no statement ${sid}`);
  return found;
}

test('all policies stand in the roles: nothing is attached from elsewhere', () => {
  for (const template of [core, module]) {
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  }
  const managed = roles.filter(({ Properties }) => Properties.ManagedPolicyArns);
  expect(managed.map(({ Properties }) => Properties.Description)).toEqual([
    'Glue crawls the custom sources of Security Lake with it',
  ]);
});

test('every statement has a Sid of letters and digits, and allows named actions', () => {
  expect(statements.length).toBeGreaterThan(30);
  for (const { Sid, Effect, Action } of statements) {
    expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
    expect(Effect).toBe('Allow');
    expect([Action].flat().join()).not.toContain('*');
  }
});

test('the whole of a service is named only where it has nothing smaller', () => {
  const whole = statements.filter(({ Resource }) => [Resource].flat().includes('*'));

  expect(new Set(whole.map(({ Sid }) => Sid))).toEqual(new Set(WHOLE_SERVICE.keys()));
});

test('what stays wide is acknowledged in the template, with a reason', () => {
  const acknowledged = Object.values(core.toJSON().Resources as Record<string, { Metadata?: Record<string, unknown> }>)
    .flatMap(({ Metadata }) => (Metadata?.[ACKNOWLEDGED] ?? []) as { value: string; reason: string }[])
    .map(({ value, reason }) => [value, reason.length > 20]);

  expect(Object.fromEntries(acknowledged)).toEqual({
    AWSGlueServiceRole: true,
    ManageLakeSources: true,
    RawBucket: true,
  });
});

test('a processor reaches the raw objects, checkpoints, queue and secret of its module and no other', () => {
  expect(roleOf('feeds-processor').map(({ Sid }) => Sid)).toEqual([
    'WriteOwnLogs',
    'SendTraces',
    'WriteOwnRawObjects',
    'SendToOwnQueue',
    'KeepOwnCheckpoints',
    'ReadOwnSecret',
    'UseProjectKey',
    'ReadFeed',
  ]);
  expect(JSON.stringify(statement('feeds-processor', 'WriteOwnRawObjects').Resource)).toContain('/raw/feeds/*');
  expect(JSON.stringify(statement('feeds-processor', 'ReadOwnSecret').Resource)).toContain(
    ':secret:feeds-credentials-??????"',
  );
  expect(statement('feeds-processor', 'KeepOwnCheckpoints').Condition).toEqual({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['feeds#*'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  });
});

test('a processor without a secret may read none', () => {
  expect(roleOf('feeds-audit-processor').map(({ Sid }) => Sid)).not.toContain('ReadOwnSecret');
});

test('the transformer assumes exactly the provider roles of its lake sources', () => {
  const sources = Object.keys(module.findResources('Custom::SlakeLakeSource'));

  expect(statement('feeds-transformer', 'WriteOwnLakeSources')).toMatchObject({
    Action: 'sts:AssumeRole',
    Resource: sources.map((id) => ({ 'Fn::GetAtt': [id, 'ProviderRoleArn'] })),
  });
  expect(JSON.stringify(statement('feeds-transformer', 'ReadOwnRawObjects').Resource)).toContain('/raw/feeds/*');
  expect(JSON.stringify(statement('feeds-transformer', 'WriteOwnRejectedEvents').Resource)).toContain(
    '/rejected/feeds/*',
  );
});

test('the project key is used through the services a function calls and not directly', () => {
  const services = statement('feeds-transformer', 'UseProjectKey').Condition?.StringEquals?.['kms:ViaService'];

  expect(JSON.stringify(services)).toContain('s3.');
  expect(JSON.stringify(services)).not.toContain('dynamodb.');
});

test('registering lake sources can make roles only through Security Lake and only with its boundary', () => {
  const makesRoles = statements.filter(({ Action }) =>
    [Action].flat().some((action) => action.startsWith('iam:Create')),
  );

  expect(makesRoles).toHaveLength(1);
  expect(makesRoles[0]?.Condition).toMatchObject({
    'ForAnyValue:StringEquals': { 'aws:CalledVia': 'securitylake.amazonaws.com' },
    StringEquals: { 'iam:PermissionsBoundary': expect.anything() },
  });
  const passes = statements.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
  expect(passes.map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } },
  ]);
});

test('services that use the key or the topic are bound to this account', () => {
  const policies = [
    ...Object.values(core.findResources('AWS::KMS::Key')).map(({ Properties }) => Properties.KeyPolicy),
    ...Object.values(core.findResources('AWS::SNS::TopicPolicy')).map(({ Properties }) => Properties.PolicyDocument),
  ];
  const services = policies
    .flatMap(({ Statement }) => Statement as (Statement & { Principal: { Service?: unknown } })[])
    .filter(({ Principal }) => Principal.Service !== undefined);

  expect(services.map(({ Sid }) => Sid)).toEqual(['EncryptLogGroups', 'AnnounceAlarms', 'AnnounceOwnAlarms']);
  for (const { Condition } of services) expect(JSON.stringify(Condition)).toContain('AWS::AccountId');
});
