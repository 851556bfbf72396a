// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { factsOf, missingFacts } from './facts.ts';

const raw = {
  time: '2026-03-04T12:00:00Z',
  callerIpAddress: '192.0.2.1',
  nobody: '0.0.0.0',
  identity: { upn: 'Ada@Example.com', oid: '3F2504E0-4F89-41D3-9A0C-0305E82C3301' },
  techniques: ['T1078.004'],
  operationName: 'Sign-in activity',
  resultType: 'Success',
  text: 'nothing of note',
};

test('facts are told by their form, or by their key where the form does not tell', () => {
  expect(factsOf(raw).map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'time time',
    'address callerIpAddress',
    'user identity.upn',
    'id identity.oid',
    'technique techniques[]',
    'action operationName',
    'outcome resultType',
  ]);
});

test('a fact counts as held in an attribute only, in whatever case or form of time', () => {
  const row = {
    time: Date.UTC(2026, 2, 4, 12),
    actor: { user: { name: 'ada@example.com' } },
    api: { operation: 'Sign-in activity' },
    unmapped: { callerIpAddress: '192.0.2.1' },
    raw_data: JSON.stringify(raw),
    observables: [{ value: 'T1078.004' }],
  };

  expect(missingFacts(factsOf(raw), [row]).map(({ kind }) => kind)).toEqual(['address', 'id', 'technique']);
});
