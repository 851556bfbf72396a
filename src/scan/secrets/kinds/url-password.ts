// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { characterClasses } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

export const kind = defineSecretKind({
  code: 'SECRET-URL-PASSWORD',
  title: 'Password in an address',
  why: 'Addresses end up in logs, histories and tickets, and with them the password.',
  rotate: 'Change the password of that user, give the address without it, and take the password from Secrets Manager.',
  rank: 55,
  patterns: [
    {
      expression:
        /(?<![A-Za-z0-9])[a-z][a-z0-9+.-]{1,24}:\/\/(?<user>[^\s:/?#@"'`<>{}$]{0,80}):(?<secret>[^\s/@"'`<>]{4,120})@[A-Za-z0-9[_.-]/gi,
      verify: (secret, { before }) => {
        const user = /\/\/([^/:]*):$/.exec(before)?.[1] ?? '';
        if (secret === user || /^(?:pw|pass\w{0,4}|password\d?|passwd|secret|pwd)$/i.test(secret)) return false;
        return secret.length >= 8 || characterClasses(secret) >= 2;
      },
    },
  ],
});
