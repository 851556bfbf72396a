// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { hasTokenChecksum } from '../checksum.ts';
import { entropy, looksRandom } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

export const kind = defineSecretKind({
  code: 'SECRET-NPM-TOKEN',
  title: 'npm token',
  why: 'It publishes packages that others install.',
  rotate: 'Revoke it (npm token revoke); publish with a trusted publisher, which has no token.',
  rank: 80,
  patterns: [
    {
      expression: /(?<![A-Za-z0-9_])(?<secret>npm_[A-Za-z0-9]{36})(?![A-Za-z0-9_])/g,
      verify: (secret) => hasTokenChecksum(secret.slice(4)) || entropy(secret.slice(4)) > 3.5,
    },
    {
      expression: /_(?:authToken|auth|password)\s{0,3}=\s{0,3}["']?(?<secret>[A-Za-z0-9+/=_.-]{16,400})/g,
      verify: (secret) => looksRandom(secret) || /^[0-9a-f-]{36}$/.test(secret),
    },
  ],
});
