// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { decide, type NamedPolicy, policyDocument } from '../../access/index.ts';
import { grantsOf, proveRoles, withoutGrant } from './grants.ts';
import type { RecordedCall } from './guard.ts';

const ROLE = 'arn:aws:iam::123456789012:role/function';
const caller = { roleArn: ROLE, accountId: '123456789012' };

function policies(...statements: object[]): NamedPolicy[] {
  return [{ name: 'inline', document: policyDocument({ Version: '2012-10-17', Statement: statements }) }];
}

function call(identity: NamedPolicy[], scenario: string, action: string, resource: string): RecordedCall {
  const request = { action, resource, context: {} };
  const decision = decide(request, caller, { identity });
  return { scenario, roleArn: ROLE, operation: action, maker: 'code', request, policies: { identity }, decision };
}

function proof(identity: NamedPolicy[], ...calls: readonly (readonly [string, string, string])[]) {
  const [role] = proveRoles(
    calls.map(([scenario, action, resource]) => call(identity, scenario, action, resource)),
    [],
  );
  if (!role) throw new Error('no role made a call');
  return role;
}

const read = { Sid: 'Read', Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: ['b/*', 'c/*'] };

test('each action on each resource is a grant; what is left when one is taken stays as it was', () => {
  const identity = policies(read, { Effect: 'Deny', Action: '*', Resource: 'd' });
  const grants = grantsOf(identity);
  expect(grants.map(({ statement, action, resource }) => `${statement} ${action} ${resource}`)).toEqual([
    'Read s3:GetObject b/*',
    'Read s3:GetObject c/*',
    'Read s3:ListBucket b/*',
    'Read s3:ListBucket c/*',
  ]);
  const [taken] = grants;
  if (!taken) throw new Error('no grants');
  const left = withoutGrant(identity, taken);
  expect(
    grantsOf(left)
      .map(({ action, resource }) => `${action} ${resource}`)
      .toSorted(),
  ).toEqual(['s3:GetObject c/*', 's3:ListBucket b/*', 's3:ListBucket c/*']);
  expect(left[0]?.document.statements.filter(({ effect }) => effect === 'Deny')).toHaveLength(1);
});

test('a grant is needed by the scenarios whose calls are denied without it', () => {
  const { grants, calls, denied } = proof(
    policies(read),
    ['first', 's3:GetObject', 'b/1'],
    ['first', 's3:GetObject', 'b/2'],
    ['second', 's3:GetObject', 'b/1'],
    ['second', 's3:PutObject', 'b/1'],
  );
  expect(grants.filter(({ isUsed }) => isUsed)).toEqual([
    expect.objectContaining({ action: 's3:GetObject', resource: 'b/*', neededBy: ['first', 'second'] }),
  ]);
  expect(calls).toEqual([
    expect.objectContaining({ action: 's3:GetObject', resource: 'b/*', count: 3, statements: ['Read'] }),
  ]);
  expect(denied).toEqual([
    expect.objectContaining({ scenario: 'second', action: 's3:PutObject', effect: 'implicit deny' }),
  ]);
});

test('what another statement allows as well is needed by none', () => {
  const identity = policies(read, { Sid: 'All', Effect: 'Allow', Action: 's3:*', Resource: 'b/*' });
  const { grants } = proof(identity, ['first', 's3:GetObject', 'b/1']);
  expect(grants.filter(({ isUsed }) => isUsed)).toEqual([
    expect.objectContaining({ statement: 'Read', neededBy: [], alsoAllowedBy: ['Read', 'All'] }),
    expect.objectContaining({ statement: 'All', neededBy: [], alsoAllowedBy: ['Read', 'All'] }),
  ]);
});

test('a NotAction is one grant', () => {
  const { grants } = proof(policies({ Sid: 'Most', Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }), [
    'first',
    's3:GetObject',
    'b/1',
  ]);
  expect(grants).toEqual([expect.objectContaining({ statement: 'Most', action: 'not iam:*', neededBy: ['first'] })]);
});

test('what nothing on this machine can use is said to be so', () => {
  const via = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'securitylake.amazonaws.com' } };
  const { grants } = proof(
    policies(read, { Effect: 'Allow', Action: 'glue:CreateTable', Resource: '*', Condition: via }),
    ['first', 's3:GetObject', 'b/1'],
  );
  expect(grants.find(({ action }) => action === 'glue:CreateTable')?.why).toMatch(/securitylake.*in the caller's name/);
  expect(grants.find(({ action }) => action === 's3:ListBucket')?.why).toBeUndefined();
});
