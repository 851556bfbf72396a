// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { newAccess } from './new-access.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:jobs';

function template(statements: readonly object[], more: object = {}): string {
  const Policies = [{ PolicyDocument: { Version: '2012-10-17', Statement: statements } }];
  return JSON.stringify({ Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { Policies, ...more } } } });
}

function allow(Action: string | readonly string[], Resource = QUEUE, Condition?: object) {
  return { Sid: 'Own', Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) };
}

function messages(now: string, before: string): readonly string[] {
  return newAccess([now], [before], 'main').findings.map(({ message }) => message);
}

test('an action, a resource and a lost condition are new, what was covered before is not', () => {
  const bound = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };
  const before = template([allow(['sqs:Send*', 'sqs:PurgeQueue']), allow('sqs:DeleteQueue', QUEUE, bound)]);

  expect(messages(template([allow('sqs:SendMessage')]), before)).toEqual([]);
  expect(messages(template([allow('sqs:DeleteQueue', QUEUE, bound)]), before)).toEqual([]);
  expect(messages(template([allow('sqs:ReceiveMessage')]), before)).toEqual([
    `Own: sqs:ReceiveMessage on ${QUEUE} is new against main`,
  ]);
  expect(messages(template([allow('sqs:SendMessage', `${QUEUE}-other`)]), before)).toHaveLength(1);
  expect(messages(template([allow('sqs:DeleteQueue')]), before)).toHaveLength(1);
});

test('a wildcard is new where only one action was granted', () => {
  expect(messages(template([allow('sqs:*')]), template([allow('sqs:SendMessage')]))).toEqual([
    `Own: sqs:* on ${QUEUE} is new against main`,
  ]);
});

test('a principal that may assume a role, a managed policy and a denial that is gone are new', () => {
  const trust = (AWS: string) => ({
    AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }] },
  });
  const deny = { Sid: 'Never', Effect: 'Deny', Action: 'sqs:PurgeQueue', Resource: '*' };

  expect(messages(template([], trust('222222222222')), template([], trust('111111111111')))).toEqual([
    'statement 1: sts:AssumeRole for AWS 222222222222 is new against main',
  ]);
  expect(
    messages(template([], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/X'] }), template([allow('sqs:*')])),
  ).toEqual(['managed policy: arn:aws:iam::aws:policy/X is new against main']);
  expect(messages(template([allow('sqs:*')]), template([allow('sqs:*'), deny]))).toEqual([
    'Never: sqs:PurgeQueue on * was denied in main and is not any more',
  ]);
});

test('against nothing everything is new, and what is gone is counted', () => {
  expect(newAccess([template([allow('sqs:SendMessage')])], [], 'main')).toMatchObject({ added: 1, gone: 0 });
  expect(newAccess([], [template([allow('sqs:SendMessage')])], 'main')).toEqual({ findings: [], added: 0, gone: 1 });
});
