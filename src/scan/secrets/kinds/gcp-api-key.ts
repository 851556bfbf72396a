// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** @see https://cloud.google.com/docs/authentication/api-keys */
export const kind = defineSecretKind({
  code: 'SECRET-GCP-API-KEY',
  title: 'Google API key',
  why: 'It calls the APIs of the project at its cost.',
  rotate: 'Make a new key restricted to the APIs and addresses that need it, then delete this one in the console.',
  rank: 80,
  patterns: [
    {
      expression: /(?<![A-Za-z0-9_]|[A-Za-z0-9_]-)(?<secret>AIza[0-9A-Za-z_-]{35})(?![A-Za-z0-9_-])/g,
      verify: (secret) => entropy(secret) > 3.4,
    },
  ],
});
