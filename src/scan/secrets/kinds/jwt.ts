// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** @see https://datatracker.ietf.org/doc/html/rfc7519 */
export const kind = defineSecretKind({
  code: 'SECRET-JWT',
  title: 'JSON web token',
  why: 'Whoever presents it is taken for the one it was issued to.',
  rotate: 'End the session or revoke the grant it came from; where it has no expiry, rotate the key that signs.',
  rank: 75,
  patterns: [
    {
      expression:
        /(?<![A-Za-z0-9_]|[A-Za-z0-9_]-)(?<secret>ey[JA][A-Za-z0-9_-]{8,2000}\.ey[JA][A-Za-z0-9_-]{6,8000}\.[A-Za-z0-9_-]{16,2000})/g,
      verify: isIssued,
      anyValue: true,
    },
  ],
});

/** The header names an algorithm, and the claims are not those of the example everybody copies. */
function isIssued(token: string): boolean {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const head = decode(header);
  const body = decode(claims);
  // A header that cannot be read may be cut or changed; then only its form tells.
  if (head === undefined) return Math.min(header.length, claims.length, signature.length) >= 20 && entropy(token) > 4.5;
  if (typeof head !== 'object' || head === null || !('alg' in head)) return false;
  if (/^(.)\1+$|signature|example|x{5}/i.test(signature)) return false;
  const { sub, name } = (typeof body === 'object' && body !== null ? body : {}) as { sub?: unknown; name?: unknown };
  return !(sub === '1234567890' || name === 'John Doe');
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
