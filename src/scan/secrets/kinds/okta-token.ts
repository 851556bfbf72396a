// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { assignedToAny } from '../assignment.ts';
import { characterClasses, entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

const TOKEN = String.raw`00[A-Za-z0-9_-]{38,42}(?![A-Za-z0-9_-])`;
const isToken = (secret: string) => characterClasses(secret) >= 3 && entropy(secret) > 3.6;

/** @see https://developer.okta.com/docs/guides/create-an-api-token/main/ */
export const kind = defineSecretKind({
  code: 'SECRET-OKTA-TOKEN',
  title: 'Okta API token',
  why: 'It acts with all rights of the administrator who made it.',
  rotate:
    'Revoke it under Security > API > Tokens, make a new one for a read-only administrator, store it as a secret.',
  rank: 70,
  patterns: [
    { expression: /SSWS[\s:=]{1,3}["']?(?<secret>[A-Za-z0-9_-]{20,60})/g, verify: isToken },
    { expression: assignedToAny(String.raw`okta[\w.-]{0,20}|(?:api[_-]?)?token|api[_-]?key`, TOKEN), verify: isToken },
    {
      expression: new RegExp(String.raw`(?<![A-Za-z0-9_]|[A-Za-z0-9_]-)(?<secret>${TOKEN})`, 'g'),
      verify: (secret, { around }) => isToken(secret) && /okta/i.test(around),
    },
  ],
});
