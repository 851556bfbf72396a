// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** @see https://docs.slack.dev/authentication/tokens */
export const kind = defineSecretKind({
  code: 'SECRET-SLACK',
  title: 'Slack token or webhook',
  why: 'It reads or posts in the workspace as the application.',
  rotate: 'Revoke the token (auth.revoke) or regenerate the webhook in the settings of the application.',
  rank: 80,
  patterns: [
    {
      expression: /(?<![A-Za-z0-9])(?<secret>(?:xox[abceoprs]|xapp|xoxe\.xox[bp])-[A-Za-z0-9-]{16,400})/g,
      verify: (secret) => /\d/.test(secret.slice(5)) && entropy(secret) > 3,
    },
    {
      expression:
        /(?<secret>hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[A-Z0-9]{6,14}\/[A-Za-z0-9/]{8,14}\/[A-Za-z0-9]{16,40})/g,
      verify: (secret) => !/\/T0{5,}/.test(secret),
    },
  ],
});
