// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { KeyPath } from './problem.ts';

/** Values that are secrets wherever they stand, by the form their issuer gives them. */
const forms: readonly { readonly kind: string; readonly form: RegExp }[] = [
  { kind: 'an AWS access key id', form: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { kind: 'a private key', form: /-----BEGIN [A-Z ]*PRIVATE KEY/ },
  { kind: 'a key of a Google service account', form: /"private_key"\s*:/ },
  { kind: 'an Azure connection string', form: /\b(SharedAccessKey|AccountKey|SharedAccessSignature)=/i },
  { kind: 'an Azure shared access signature', form: /[?&]sig=[A-Za-z0-9%+/]{20,}/ },
  { kind: 'an Azure client secret', form: /^[\w.~-]{3}[78]Q~[\w.~-]{31,34}$/ },
  { kind: 'a GitHub token', form: /\b(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{20,})/ },
  { kind: 'a Slack token', form: /\bxox[abposr]-[A-Za-z0-9-]{10,}/ },
  { kind: 'a signed token', form: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\./ },
  { kind: 'an address with a password', form: /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i },
];

const secretName =
  /(password|passwd|passphrase|secret|token|credentials?|connectionstring|(shared|shared_?access|private|api|access|account|signing)[_-]?key)$/i;
const guardedName = /(password|passwd|pwd|pw$|passphrase|secret|token|credential|key|connectionstring|signature)/i;

/** What kind of secret the text looks like by its form, or nothing. */
export function secretForm(text: string): string | undefined {
  return forms.find(({ form }) => form.test(text))?.kind;
}

/** What kind of secret stands under this key, judged by the key's name and the form of the value, or nothing. */
export function secretKind(path: KeyPath, value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const form = secretForm(value);
  if (form !== undefined) return form;
  return namesSecret(path) ? 'what its name calls a secret' : undefined;
}

/** Whether a value under this key must never be shown, whatever it is. */
export function guarded(path: KeyPath): boolean {
  return path.some((part) => typeof part === 'string' && guardedName.test(part.replaceAll(/[\s._-]/g, '')));
}

function namesSecret(path: KeyPath): boolean {
  const name = path.findLast((part) => typeof part === 'string');
  return name !== undefined && secretName.test(name.replaceAll(/[\s.]/g, ''));
}

/** The value as it may be shown in a message: short, on one line, and never a possible secret. */
export function shown(path: KeyPath, value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return namesSecret(path) ? 'not shown' : String(value);
  if (guarded(path)) return 'not shown';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a group of keys';
  const text = String(value);
  if (secretForm(text) !== undefined) return 'not shown';
  return JSON.stringify(visible(text.length > 40 ? `${text.slice(0, 37)}...` : text));
}

/** A key's name as it may be shown. */
export function shownName(name: string): string {
  if (secretForm(name) !== undefined) return '(not shown)';
  return visible(name.length > 60 ? `${name.slice(0, 57)}...` : name);
}

/** Without characters that move the cursor or turn the direction of a terminal's text. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}');
}
