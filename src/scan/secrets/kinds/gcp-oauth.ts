// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** @see https://developers.google.com/identity/protocols/oauth2 */
export const kind = defineSecretKind({
  code: 'SECRET-GCP-OAUTH',
  title: 'Google OAuth client secret or token',
  why: 'It acts as the application, or as the person who signed in.',
  rotate: 'Reset the client secret in the console, or revoke the token at oauth2.googleapis.com/revoke.',
  rank: 80,
  patterns: [
    {
      expression: /(?<![A-Za-z0-9_]|[A-Za-z0-9_]-)(?<secret>GOCSPX-[A-Za-z0-9_-]{20,40})/g,
      verify: (secret) => entropy(secret) > 3.2,
    },
    {
      expression: /(?<![A-Za-z0-9_]|[A-Za-z0-9_]-)(?<secret>ya29\.[A-Za-z0-9_-]{20,2048})/g,
      verify: (secret) => entropy(secret) > 3.4,
    },
    {
      expression: /(?<![A-Za-z0-9_/-])(?<secret>1\/\/0[A-Za-z0-9_-]{40,200})/g,
      verify: (secret) => entropy(secret) > 4,
    },
  ],
});
