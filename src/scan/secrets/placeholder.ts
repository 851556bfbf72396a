// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { distinctCharacters, entropy } from './entropy.ts';

/** What stands where a value will come from elsewhere. */
const REFERENCE =
  /\$\{|\$\(|\{\{|\}\}|<[^>]*>?|^[$%@!{[(]|%\(?\w*\)?[sd]\b|\{[a-z_.]*\}|\.\.\.|\u2026|\*{3}|^env[:.]|^vault:|^(?:ref\+|ssm:|arn:|resolve:|secretsmanager:)/i;

/** Words with which people say that a value is none. */
const WORDS =
  /example|placeholder|change[-_ ]?(?:me|it|this)|your[-_ ]?|redacted|dummy|sample|replace[-_ ]?|insert[-_ ]|todo|fixme|not[-_ ]?(?:a[-_ ]?)?(?:real|secret)|fake|x-oauth-basic|paste|lorem|foobar|masked|hidden|goes[-_]?here|(?:here|this)$|some[-_]?(?:secret|token|key|password|value)|my[-_](?:secret|token|key|password|client|api|app)|^test[-_]/i;

const WORDS_ALONE =
  /^(?:p(?:ass)?w(?:or)?d|pass|passphrase|secret|token|key|api[-_]?key|user(?:name)?|admin|guest|root|postgres|mysql|test(?:ing)?|none|null|nil|undefined|true|false|string|str|text|default|empty|required|optional|unknown|value|credentials?|bearer|basic|hex|base64)$/i;

/** Long runs of one filling character, which no generator of secrets makes. */
const FILLING = /([xX*._#?-])\1{3,}|0{8,}|(?:deadbeef){2,}|(?:abc123){2,}|(?:0123456789|1234567890|abcdefghij)/i;

/**
 * SHA-256 of values that vendors publish as the same for everybody: the key of the storage emulator, the key of the
 * Cosmos emulator, the secret access key of the AWS documentation.
 */
const PUBLISHED: ReadonlySet<string> = new Set([
  '0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059',
  'aa6547439583c3a275d4542a0df6c1ad6a863971be9f2a2220f027cc02aef615',
  '78314b11be2e581549ac1c4f616563fad3fdf0c3b71678f6e2299182080e0598',
  'e21b597ba6b9cafa59d9ebc4d65c0385f5eb3fa56abab2607fa76589ad849a33',
]);

/** Whether a value only stands for a secret: a placeholder, a reference, a filling, or a published example. */
export function isPlaceholder(value: string): boolean {
  if (value.length < 4 || REFERENCE.test(value) || WORDS_ALONE.test(value)) return true;
  if (FILLING.test(value) || isPublished(value)) return true;
  // In long random text a word may turn up by chance: then the rest is still random.
  const word = WORDS.exec(value);
  if (word && (value.length < 60 || word[0].length > 5)) return true;
  if (isEncodedWord(value)) return true;
  return distinctCharacters(value) <= 4 || (value.length >= 12 && entropy(value) < 2.2) || isSequence(value);
}

/** Values that are the same for everybody, by their vendor's documentation. */
function isPublished(value: string): boolean {
  return PUBLISHED.has(createHash('sha256').update(value).digest('hex'));
}

/** Base64 of a text that says it is none: `fake-key-for-tests`. */
function isEncodedWord(value: string): boolean {
  if (value.length > 120 || !/^[A-Za-z0-9+/_-]{12,}={0,2}$/.test(value)) return false;
  const text = Buffer.from(value, 'base64').toString('latin1');
  return (
    /^[\x20-\x7e]{8,}$/.test(text) &&
    (WORDS.test(text) || /(?:^|[^a-z])(?:test|local|mock|emulator|user(?:name)?:pass)/i.test(text))
  );
}

/** Most characters follow the one before them: `abcdefgh`, `12345678`. */
function isSequence(value: string): boolean {
  let steps = 0;
  for (let at = 1; at < value.length; at += 1) {
    if (Math.abs(value.charCodeAt(at) - value.charCodeAt(at - 1)) <= 1) steps += 1;
  }
  return steps > value.length * 0.55;
}
