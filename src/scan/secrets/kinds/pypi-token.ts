// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

export const kind = defineSecretKind({
  code: 'SECRET-PYPI-TOKEN',
  title: 'PyPI token',
  why: 'It publishes releases that others install.',
  rotate: 'Remove it in the account settings; publish with a trusted publisher, which has no token.',
  rank: 80,
  patterns: [
    {
      expression: /(?<![A-Za-z0-9_])(?<secret>pypi-[A-Za-z0-9_-]{40,400})/g,
      verify: (secret) => secret.startsWith('pypi-AgE') || (/\d/.test(secret) && entropy(secret) > 4.2),
    },
  ],
});
