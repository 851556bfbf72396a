// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { assignedToAny } from '../assignment.ts';
import { looksRandom } from '../entropy.ts';
import { defineSecretKind, type MatchContext } from '../kind.ts';

const NAMES = String.raw`(?:(?:api|auth|access|secret|private|signing|encryption|encrypt|master|account|app|application|client|shared|licen[cs]e|webhook|service|jwt|hmac|session|deploy|storage|subscription|function|functions|host|root|admin|integration|ingest(?:ion)?|write|read|consumer|vendor)[_. -]?key|apikey|secret|token|credentials?|bearer|passw(?:or)?d|passphrase|auth|x-api-key|ocp-apim-subscription-key|x-functions-key|(?:dd|datadog|app|api|aes|enc|cipher|crypt\w{0,6})_key|[_.-]pat|personal[_-]?access[_-]?token)(?:[_. -]?(?:value|string|base64|b64|prod|production|staging|dev|plain|text|\d{1,2}))?`;
const VALUE = String.raw`[A-Za-z0-9_~.+/=:@!*^%#?-]{16,512}`;

/** What is recognised by its name and by looking random, where no kind knows it better. */
export const kind = defineSecretKind({
  code: 'SECRET-GENERIC',
  title: 'Key, token or secret',
  why: 'By its name and form it opens something.',
  rotate: 'Have whoever issued it issue another, store that in Secrets Manager, and refer to it by name.',
  rank: 10,
  patterns: [{ expression: assignedToAny(NAMES, VALUE), verify: isSecret }],
});

function isSecret(secret: string, { language, quoted, lockFile, before, after }: MatchContext): boolean {
  // The beginning of a template is no value.
  if (after === '${' || lockFile || (language === 'code' && !quoted)) return false;
  // Hashes and public values carry such names too: `token_sha256`, `publicKeyToken`, `integrity`.
  if (/(?:sha\d+|md5|hash|digest|integrity|public|checksum|fingerprint|thumbprint)[^\n]{0,30}$/i.test(before))
    return false;
  // An ARN names a secret (`arn:...:secret:name-suffix`), also where its account or Region is filled in.
  if (/\barn:[^\s'"`]{0,300}$/i.test(before)) return false;
  return looksRandom(secret);
}
