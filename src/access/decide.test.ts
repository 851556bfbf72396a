// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { type AccessRequest, decide, type NamedPolicy, policyDocument, type RequestContext } from './index.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
const caller = { roleArn: ROLE, accountId: ACCOUNT };
const OBJECT = 'arn:aws:s3:::bucket/raw/azure/a*b';
const get: AccessRequest = { action: 's3:GetObject', resource: OBJECT, context: {} };

function policy(...statements: object[]): NamedPolicy {
  return { name: 'p', document: policyDocument({ Version: '2012-10-17', Statement: statements }) };
}

function effect(statements: object[], request: AccessRequest): string {
  return decide(request, caller, { identity: [policy(...statements)] }).effect;
}

const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/raw/azure/*' };

describe('a statement of the caller', () => {
  const cases: readonly [string, object[], string][] = [
    ['allows what it names', [allow], 'allow'],
    ['takes actions in any case', [{ ...allow, Action: 'S3:getobject' }], 'allow'],
    ['takes wildcards in actions', [{ ...allow, Action: ['s3:Put*', 's3:Get?bject'] }], 'allow'],
    ['allows no other action', [{ ...allow, Action: 's3:GetObjectVersion' }], 'implicit deny'],
    ['allows no other resource', [{ ...allow, Resource: 'arn:aws:s3:::bucket/raw/google/*' }], 'implicit deny'],
    ['allows nothing without a resource', [{ ...allow, Resource: [] }], 'implicit deny'],
    ['allows all but what NotAction names', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'allow'],
    ['with NotAction', [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }], 'implicit deny'],
    ['with NotResource', [{ Effect: 'Allow', Action: '*', NotResource: `${OBJECT}` }], 'implicit deny'],
    ['loses to a deny', [allow, { Effect: 'Deny', Action: 's3:*', Resource: '*' }], 'explicit deny'],
    ['a literal star', [{ ...allow, Resource: `arn:aws:s3:::bucket/raw/azure/a\${*}b` }], 'allow'],
    ['a literal question mark', [{ ...allow, Resource: `arn:aws:s3:::bucket/raw/azure/a\${?}b` }], 'implicit deny'],
    ['a misspelled effect denies', [{ ...allow, Effect: 'allow' }], 'explicit deny'],
  ];
  test.each(cases)('%s', (_, statements, expected) => {
    expect(effect(statements, get)).toBe(expected);
  });
});

describe('a condition', () => {
  const holds = (Condition: object, context: RequestContext) =>
    effect([{ ...allow, Condition }], { ...get, context }) === 'allow';
  const arn = 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/f:x';
  const cases: readonly [object, RequestContext, boolean][] = [
    [{ StringEquals: { 'kms:ViaService': ['sqs.x', 's3.x'] } }, { 'kms:ViaService': 's3.x' }, true],
    [{ StringEquals: { 'KMS:viaservice': 's3.x' } }, { 'kms:ViaService': 's3.x' }, true],
    [{ StringEquals: { 'kms:ViaService': 's3.*' } }, { 'kms:ViaService': 's3.x' }, false],
    [{ StringEquals: { 'kms:ViaService': 's3.x' } }, {}, false],
    [{ StringEqualsIfExists: { 'kms:ViaService': 's3.x' } }, {}, true],
    [{ StringEqualsIfExists: { 'kms:ViaService': 's3.x' } }, { 'kms:ViaService': 'sqs.x' }, false],
    [{ StringNotEquals: { k: ['a', 'b'] } }, { k: 'b' }, false],
    [{ StringNotEquals: { k: ['a', 'b'] } }, { k: 'c' }, true],
    [{ StringNotEquals: { k: 'a' } }, {}, true],
    [{ StringEqualsIgnoreCase: { k: 'Abc' } }, { k: 'aBC' }, true],
    [{ StringNotEqualsIgnoreCase: { k: 'Abc' } }, { k: 'aBC' }, false],
    [{ StringLike: { k: 'a*c?' } }, { k: 'abbcd' }, true],
    [{ StringLike: { k: 'a*c?' } }, { k: 'abbc' }, false],
    [{ StringNotLike: { k: 'a*' } }, { k: 'abc' }, false],
    [{ StringEquals: { k: 'a' }, StringLike: { l: 'b*' } }, { k: 'a', l: 'c' }, false],
    [{ StringEquals: { k: `\${aws:PrincipalAccount}` } }, { k: 'x', 'aws:PrincipalAccount': 'x' }, true],
    [{ StringEquals: { k: `\${aws:absent, 'x'}` } }, { k: 'x' }, true],
    [{ StringEquals: { k: `\${aws:absent}` } }, { k: '' }, false],
    [
      { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:*:123456789012:log-group:/aws/lambda/*' } },
      { 'aws:SourceArn': arn },
      true,
    ],
    [{ ArnEquals: { 'aws:SourceArn': arn } }, { 'aws:SourceArn': arn }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:*:log-group:*' } }, { 'aws:SourceArn': arn }, false],
    [{ ArnNotLike: { 'aws:SourceArn': 'arn:aws:logs:*:*:*' } }, { 'aws:SourceArn': arn }, false],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:SecureTransport': 'true' }, true],
    [{ Bool: { 'aws:SecureTransport': true } }, { 'aws:SecureTransport': 'false' }, false],
    [{ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }, {}, true],
    [{ NumericLessThanEquals: { 's3:max-keys': 10 } }, { 's3:max-keys': '10' }, true],
    [{ NumericLessThan: { 's3:max-keys': '10' } }, { 's3:max-keys': '10' }, false],
    [{ NumericGreaterThan: { 's3:max-keys': '9' } }, { 's3:max-keys': '10' }, true],
    [{ NumericNotEquals: { 's3:max-keys': '9' } }, { 's3:max-keys': '9' }, false],
    [{ DateGreaterThan: { t: '2026-01-01T00:00:00Z' } }, { t: '2026-01-02T00:00:00Z' }, true],
    [{ DateLessThan: { t: '2026-01-01T00:00:00Z' } }, { t: '1767312000' }, false],
    [{ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '::1'] } }, { 'aws:SourceIp': '10.1.2.3' }, true],
    [{ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { 'aws:SourceIp': '10.1.2.3' }, false],
    [{ Null: { k: 'true' } }, {}, true],
    [{ Null: { k: 'false' } }, {}, false],
    [{ Null: { k: 'false' } }, { k: 'x' }, true],
    [{ 'ForAllValues:StringLike': { k: ['a#*', 'b#*'] } }, { k: ['a#1', 'b#2'] }, true],
    [{ 'ForAllValues:StringLike': { k: 'a#*' } }, { k: ['a#1', 'c#2'] }, false],
    [{ 'ForAllValues:StringLike': { k: 'a#*' } }, {}, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'x' } }, { 'aws:CalledVia': ['y', 'x'] }, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'x' } }, {}, false],
    [{ StringEquals: { k: 'x' } }, { k: ['x', 'y'] }, true],
    [{ StringNotEquals: { k: 'x' } }, { k: ['x', 'y'] }, false],
    [{ 'ForAnyValue:StringNotEquals': { k: 'x' } }, { k: ['x', 'y'] }, true],
    [{ 'ForAllValues:StringNotEquals': { k: 'x' } }, { k: ['x', 'y'] }, false],
  ];
  test.each(cases)('%j with %j: %s', (condition, context, expected) => {
    expect(holds(condition, context)).toBe(expected);
  });

  test('that is not understood allows nothing and denies everything', () => {
    const Condition = { StringSounds: { k: 'x' } };
    const { effect: allowed, why } = decide(get, caller, { identity: [policy({ ...allow, Condition })] });
    expect([allowed, why]).toEqual(['implicit deny', expect.stringContaining('not understood: StringSounds')]);
    expect(effect([allow, { ...allow, Effect: 'Deny', Condition }], get)).toBe('explicit deny');
  });
});

test('a policy variable without a value fits nothing', () => {
  const own = { ...allow, Resource: `arn:aws:s3:::bucket/\${aws:PrincipalTag/team}/*` };
  const resource = 'arn:aws:s3:::bucket/red/x';
  expect(effect([own], { ...get, resource })).toBe('implicit deny');
  expect(effect([own], { ...get, resource, context: { 'aws:PrincipalTag/team': 'red' } })).toBe('allow');
  expect(effect([own], { ...get, resource, context: { 'aws:PrincipalTag/team': '*' } })).toBe('implicit deny');
});

describe('the policy of a resource', () => {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*' };
  const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  function both(identity: object[], resource: object[], isRequired = false): string {
    const policies = { identity: [policy(...identity)], resource: { ...policy(...resource), isRequired } };
    return decide(get, caller, policies).effect;
  }

  test.each([
    ['allows the role it names', [], [{ ...statement, Principal: { AWS: ROLE } }], 'allow'],
    ['allows anybody', [], [{ ...statement, Principal: '*' }], 'allow'],
    ['leaves it to IAM where it names the account', [], [{ ...statement, Principal: root }], 'implicit deny'],
    ['for another role is none', [], [{ ...statement, Principal: { AWS: `${ROLE}2` } }], 'implicit deny'],
    ['for a service is none', [], [{ ...statement, Principal: { Service: 's3.amazonaws.com' } }], 'implicit deny'],
    ['denies whoever is allowed', [allow], [{ ...statement, Effect: 'Deny', Principal: '*' }], 'explicit deny'],
    [
      'denies all but one',
      [allow],
      [{ ...statement, Effect: 'Deny', NotPrincipal: { AWS: [ROLE, ACCOUNT] } }],
      'allow',
    ],
  ])('%s', (_, identity, resource, expected) => {
    expect(both(identity, resource)).toBe(expected);
  });

  test.each([
    ['does not allow although IAM does', [allow], [], 'implicit deny'],
    ['names the account, and IAM allows', [allow], [{ ...statement, Principal: root }], 'allow'],
    ['names the account, and IAM does not', [], [{ ...statement, Principal: root }], 'implicit deny'],
    ['names the role', [], [{ ...statement, Principal: { AWS: ROLE } }], 'allow'],
  ])('of a key or a role that %s', (_, identity, resource, expected) => {
    expect(both(identity, resource, true)).toBe(expected);
  });
});

test('a permissions boundary must allow as well', () => {
  const identity = [policy(allow)];
  expect(decide(get, caller, { identity, boundary: policy(allow) }).effect).toBe('allow');
  expect(decide(get, caller, { identity, boundary: policy() }).effect).toBe('implicit deny');
});

test('a decision names the statements that made it', () => {
  const { by } = decide(get, caller, {
    identity: [policy({ ...allow, Sid: 'Read' }, allow, { ...allow, Action: 'x' })],
  });
  expect(by).toEqual([
    { policy: 'p', statement: 'Read' },
    { policy: 'p', statement: 'statement 2' },
  ]);
});
