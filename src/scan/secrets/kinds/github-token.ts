// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { hasTokenChecksum } from '../checksum.ts';
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** @see https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github */
export const kind = defineSecretKind({
  code: 'SECRET-GITHUB-TOKEN',
  title: 'GitHub token',
  why: 'It reads and writes the repositories its owner can reach.',
  rotate: 'Revoke it in the developer settings of its owner and make a fine-grained one for one repository.',
  rank: 80,
  patterns: [
    {
      expression: /(?<![A-Za-z0-9_])(?<secret>gh[pousr]_[A-Za-z0-9]{36,255})(?![A-Za-z0-9_])/g,
      verify: (secret) => hasTokenChecksum(secret.slice(4)) || entropy(secret.slice(4)) > 3.5,
    },
    {
      expression: /(?<![A-Za-z0-9_])(?<secret>github_pat_[A-Za-z0-9]{20,24}_[A-Za-z0-9]{50,70})/g,
      verify: (secret) => entropy(secret.slice(11)) > 3.8,
    },
  ],
});
