// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { subscriptionPath } from './posture.ts';

const SUBSCRIPTION = '/subscriptions/3f2504e0-4f89-41d3-9a0c-0305e82c3301';

test.each([
  ['a subscription', SUBSCRIPTION],
  ['what lies below it', `${SUBSCRIPTION}/providers/Microsoft.Security/secureScores/ascScore`],
  ['an id of 4,096 characters', `${SUBSCRIPTION}/`.padEnd(4096, 'a')],
])('the subscription of %s is the start of its path', (_, id) => {
  expect(subscriptionPath(id)).toBe(SUBSCRIPTION);
});

test.each([
  ['is of another scope', '/providers/Microsoft.Management/managementGroups/root'],
  ['names no subscription', '/subscriptions//providers/Microsoft.Security'],
  ['is a subscription below something else', `/x${SUBSCRIPTION}`],
  ['is no text', { id: SUBSCRIPTION }],
  ['is longer than ids are', `${SUBSCRIPTION}/`.padEnd(4097, 'a')],
  ['is a subscription alone, longer than ids are', '/subscriptions/'.padEnd(100_000, 'a')],
])('an id that %s has none', (_, id) => {
  expect(subscriptionPath(id)).toBeUndefined();
});
