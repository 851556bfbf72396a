// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { assignedToAny } from '../assignment.ts';
import { distinctCharacters, entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** Line ends as text, JSON, code and comments write them. */
const BREAK = String.raw`(?:\\{1,4}[nr]|[\s"'\`+,#*>|(.])`;
const HEADER_LINES = String.raw`(?:(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset): ?[\w\s,.()@:/-]{1,120}?${BREAK}{1,20}){0,4}`;

export const kind = defineSecretKind({
  code: 'SECRET-PRIVATE-KEY',
  title: 'Private key',
  why: 'It signs and decrypts as its owner.',
  rotate: 'Make a new key pair, replace the public key or certificate everywhere, revoke the old certificate.',
  rank: 85,
  patterns: [
    {
      expression: new RegExp(
        String.raw`(?<secret>-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED|PGP|SSH2 ENCRYPTED|ANY) )?PRIVATE KEY(?: BLOCK)?-----${BREAK}{0,60}${HEADER_LINES}[A-Za-z0-9+/=]{10,200}(?:${BREAK}{0,60}[A-Za-z0-9+/=]{4,200}){0,2})`,
        'g',
      ),
      verify: isKeyBody,
      anyValue: true,
    },
    {
      expression: /PuTTY-User-Key-File-\d[\s\S]{0,2000}?Private-Lines: \d{1,3}\s{1,4}(?<secret>[A-Za-z0-9+/=]{40,80})/g,
    },
    {
      expression: assignedToAny('"d', '[A-Za-z0-9_-]{40,1400}', 'g'),
      verify: (_secret, { around }) => /\\?"kty\\?"/.test(around),
    },
  ],
});

/** What follows the first line is key material, and not "MIIE..." or a row of fillings. */
function isKeyBody(secret: string): boolean {
  const body = secret.replace(/^-----[^-]+-----/, '').replaceAll(/\\+[nr]|[^A-Za-z0-9+/=]/g, '');
  if (body.length < 24 || /example|placeholder|redacted|your|xxxx/i.test(body.slice(0, 40))) return false;
  return distinctCharacters(body) >= 14 && entropy(body) > 3.4;
}
