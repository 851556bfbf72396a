// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasWildcard, matches, overlap, patternText, policyHolders, readWritten, unknown } from './index.ts';

test('wildcards match as IAM does', () => {
  expect(matches('s3:Get*', 's3:GetObject')).toBe(true);
  expect(matches('s3:get?bject', 's3:GetObject', { ignoreCase: true })).toBe(true);
  expect(matches('arn:aws:s3:::b/*', 'arn:aws:s3:::b')).toBe(false);
  expect(matches('arn:aws:s3:::b/a', 'arn:aws:s3:::b/*')).toBe(false);
});

test('an unknown value is equal to itself, is no wildcard, and may be anything', () => {
  const account = unknown('AWS::AccountId');
  expect(matches(account, account)).toBe(true);
  expect(matches(account, '123456789012')).toBe(false);
  expect(matches('*', account)).toBe(true);
  expect(hasWildcard(unknown('*'))).toBe(false);
  expect(overlap(`arn:aws:sqs:r:${account}:q`, 'arn:aws:sqs:r:123456789012:q')).toBe(true);
  expect(overlap('arn:aws:sqs:*', 'arn:aws:sns:*')).toBe(false);
  expect(patternText(account)).toBe(`\${AWS::AccountId}`);
});

test('what matches overlaps, whatever the texts', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', ':'), maxLength: 12 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      if (matches(a, b)) expect(overlap(a, b)).toBe(true);
      expect(overlap(a, b)).toBe(overlap(b, a));
    }),
  );
});

test('a template in YAML with short intrinsics gives the role with its policies and their lines', () => {
  const written = readWritten(`
Resources:
  Queue: { Type: AWS::SQS::Queue }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [] }
      ManagedPolicyArns: [!Sub 'arn:\${AWS::Partition}:iam::aws:policy/X']
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn }
`);
  if ('reason' in written) throw new Error(written.reason);
  const [role, ...others] = policyHolders(written.value);
  expect(others).toEqual([]);
  expect(role?.policies.map(({ kind }) => kind)).toEqual(['trust', 'identity']);
  const policy = role?.policies[1];
  expect(
    policy?.document.statements[0]?.resources.map((text) =>
      patternText(text)
        .replaceAll('$' + '{', '<')
        .replaceAll('}', '>'),
    ),
  ).toEqual(['arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:<Queue>']);
  expect(written.place([...(policy?.path ?? []), 'Statement', 0]).line).toBe(15);
});

test('reading never throws', () => {
  expect(readWritten('{')).toHaveProperty('reason');
  expect(readWritten('7')).toHaveProperty('reason');
  fc.assert(
    fc.property(fc.json(), (text) => {
      const written = readWritten(text);
      if ('value' in written)
        policyHolders({ Resources: { A: { Type: 'AWS::IAM::Role', Properties: written.value } } });
    }),
  );
});
