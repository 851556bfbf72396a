// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** @see https://learn.microsoft.com/rest/api/storageservices/create-service-sas */
export const kind = defineSecretKind({
  code: 'SECRET-AZURE-SAS',
  title: 'Shared access signature',
  why: 'Whoever has the token or URL has the access it grants until it expires.',
  rotate:
    'Regenerate the key it was signed with, or delete the stored access policy it names; a signature alone cannot be taken back.',
  rank: 80,
  patterns: [
    {
      expression:
        /(?<![A-Za-z0-9])sig(?:=|%3D)(?<secret>(?:[A-Za-z0-9+/_-]|%2[BbFf]|%25){36,100}(?:={1,2}|%3[Dd]){0,2})/g,
      verify: (secret, { around }) =>
        entropy(secret) > 3.6 && /(?<![A-Za-z])(?:se|sv|skn|sp|sr|ss|srt|st|skoid)(?:=|%3D)/i.test(around),
    },
  ],
});
