// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { assignedToAny } from '../assignment.ts';
import { characterClasses, isName } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

const NAMES = String.raw`(?:passw(?:or)?d|passwd|passphrase|pwd|pass(?=["']?\s{0,3}[:=]))(?:[_-]?(?:value|plain|text|prod|dev|test|default|\d{1,2}))?`;
const QUOTED = String.raw`(?<=["'\`])[^"'\`\n]{5,119}[^"'\`\n\\](?=\\{0,3}["'\`])`;
const BARE = String.raw`(?<!["'\`\\])(?!\$[\w{(])[^\s"'\`,;<>(){}[\]|\\]{6,120}`;

export const kind = defineSecretKind({
  code: 'SECRET-PASSWORD',
  title: 'Password',
  why: 'It signs in as its user, and people use one password in several places.',
  rotate: 'Change the password, store it in Secrets Manager, and read it from there by name.',
  rank: 20,
  patterns: [
    { expression: assignedToAny(NAMES, QUOTED), verify: isPassword },
    {
      expression: assignedToAny(NAMES, BARE),
      verify: (secret, { language, quoted }) => language === 'text' && !quoted && isBarePassword(secret),
    },
    {
      // curl -u user:password
      expression: /\bcurl\b[^\n]{0,200}?\s(?:-u|--user)[ =]["']?[^\s:"']{1,60}:(?<secret>[^\s"']{6,100})/g,
      verify: isPassword,
    },
    {
      expression:
        /\b(?:(?:mysql|mysqldump|mariadb)\b[^\n]{0,100}?\s-p|(?:sshpass|docker login|htpasswd|redis-cli)\b[^\n]{0,100}?\s(?:-p|-a|--password|--pass)[ =])["']?(?<secret>[^\s"']{6,100})/g,
      verify: isBarePassword,
    },
    // An ODBC or JDBC connection string.
    { expression: /;\s{0,2}(?:Password|PWD)\s{0,2}=\s{0,2}(?<secret>[^;"'\s]{6,100})/gi, verify: isPassword },
  ],
});

/** Not a name, not a sentence, and of at least two classes of characters with a digit or a sign among them. */
function isPassword(secret: string): boolean {
  if (isName(secret) && !/^[^\s:/]+$/.test(secret)) return false;
  if (
    /^[A-Za-z_-]+$/.test(secret) ||
    (/\s/.test(secret) && !/\d/.test(secret)) ||
    /^(?:arn|https?|file|env|process|os|config)[.:]/.test(secret)
  ) {
    return false;
  }
  if (/^[a-z]+(?:[-_./][a-z0-9]+)+$/i.test(secret) || /^\/|^[A-Z0-9_]+$/.test(secret)) return false;
  return characterClasses(secret) >= 2 && /[^A-Za-z]/.test(secret);
}

function isBarePassword(secret: string): boolean {
  return (
    isPassword(secret) &&
    /[A-Za-z]/.test(secret) &&
    !/^[a-z_]\w*\.\w|[=:].*[=:]|[=:]$|\.(?:ts|py|md|json|ya?ml)$/i.test(secret)
  );
}
