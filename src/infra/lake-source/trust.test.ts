// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { trusts } from './trust.ts';

const identity = { principal: '111122223333', externalId: 'an-id' };

function policy(Principal: unknown, externalId: unknown = 'an-id', Effect = 'Allow'): string {
  const Condition = { StringEquals: { 'sts:ExternalId': externalId } };
  return encodeURIComponent(
    JSON.stringify({ Statement: [{ Effect, Principal, Action: 'sts:AssumeRole', Condition }] }),
  );
}

test.each([
  ['an account by its root', policy({ AWS: 'arn:aws:iam::111122223333:root' })],
  ['an account by its id', policy({ AWS: ['111122223333'] })],
  ['one of several external ids', policy({ AWS: '111122223333' }, ['other', 'an-id'])],
])('trusts %s', (_name, document) => {
  expect(trusts(document, identity)).toBe(true);
});

test.each([
  ['another account', policy({ AWS: 'arn:aws:iam::999922223333:root' })],
  ['an account whose id is part of it', policy({ AWS: '1111222233334' })],
  ['another external id', policy({ AWS: '111122223333' }, 'an-id-too')],
  ['a denial', policy({ AWS: '111122223333' }, 'an-id', 'Deny')],
  ['what is no policy', '%'],
])('does not trust %s', (_name, document) => {
  expect(trusts(document, identity)).toBe(false);
});

test('trusts a service', () => {
  const service = { principal: 'firehose.amazonaws.com', externalId: 'an-id' };
  expect(trusts(policy({ Service: 'firehose.amazonaws.com' }), service)).toBe(true);
});
