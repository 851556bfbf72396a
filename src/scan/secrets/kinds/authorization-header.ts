// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { entropy, isName } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';
import { isPlaceholder } from '../placeholder.ts';

export const kind = defineSecretKind({
  code: 'SECRET-AUTHORIZATION',
  title: 'Credentials of an Authorization header',
  why: 'Whoever sends the header is taken for its owner.',
  rotate: 'Revoke the token or change the password it carries, and build the header from a secret at run time.',
  rank: 40,
  patterns: [
    {
      expression: /\bBearer[ :]{1,2}["']?(?<secret>[A-Za-z0-9._~+/-]{20,4000}={0,2})/gi,
      verify: (secret) => !isName(secret) && /\d/.test(secret) && entropy(secret) > 3.2,
    },
    {
      expression: /\bBasic[ :]{1,2}["']?(?<secret>[A-Za-z0-9+/]{8,400}={0,2})/gi,
      verify: (secret) => {
        const [, user, password] = /^([\x20-\x7e]{0,100}?):([\x20-\x7e]{4,200})$/.exec(decode(secret)) ?? [];
        return password !== undefined && password !== user && !isPlaceholder(password);
      },
    },
  ],
});

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}
