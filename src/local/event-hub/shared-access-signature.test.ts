// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { refuseToken } from './shared-access-signature.ts';

const POLICY = { keyName: 'reader', key: 'c2VjcmV0' };
const NOW = Date.parse('2026-01-01T00:00:00Z');
const LATER = NOW / 1000 + 3600;

interface TokenFields {
  readonly resource?: string;
  readonly key?: string;
  readonly keyName?: string;
  readonly expiry?: number;
}

/** A token as Microsoft's documentation has it made. */
function token({ resource = 'sb://127.0.0.1:5672/insights', key = POLICY.key, ...rest }: TokenFields = {}): string {
  const { keyName = POLICY.keyName, expiry = LATER } = rest;
  const sr = encodeURIComponent(resource);
  const sig = encodeURIComponent(createHmac('sha256', key).update(`${sr}\n${expiry}`).digest('base64'));
  return `SharedAccessSignature sr=${sr}&sig=${sig}&se=${expiry}&skn=${keyName}`;
}

test.each([
  ['for the hub', token()],
  ['for a consumer group of the hub', token({ resource: 'sb://127.0.0.1:5672/Insights/consumergroups/$default' })],
  ['for the namespace', token({ resource: 'sb://127.0.0.1:5672/' })],
])('a token %s is good', (_, good) => {
  expect(refuseToken(good, POLICY, 'insights', NOW)).toBeUndefined();
});

test.each([
  ['made with another key', token({ key: 'other' }), 'InvalidSignature'],
  ['of another policy', token({ keyName: 'writer' }), 'InvalidSignature'],
  ['whose expiry was moved', token().replace(`se=${LATER}`, `se=${LATER + 1}`), 'InvalidSignature'],
  ['that expired', token({ expiry: NOW / 1000 }), 'ExpiredToken'],
  ['for another hub', token({ resource: 'sb://127.0.0.1:5672/insights-2' }), 'InvalidAudience'],
  ['without signature', token().replace(/sig=[^&]*/, ''), 'MalformedToken'],
  ['that is not encoded', token().replace(/sig=[^&]*/, 'sig=%'), 'MalformedToken'],
  ['of another kind', 'eyJhbGciOi', 'MalformedToken'],
  ['that is no text', 7, 'MalformedToken'],
])('a token %s is refused', (_, bad, reason) => {
  expect(refuseToken(bad, POLICY, 'insights', NOW)).toContain(reason);
});
