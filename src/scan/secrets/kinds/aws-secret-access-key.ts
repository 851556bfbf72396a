// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { assignedToAny } from '../assignment.ts';
import { entropy, isRandomBase64 } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

const KEY = String.raw`[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])`;
const isKey = (secret: string) => isRandomBase64(secret) && entropy(secret) > 4;

export const kind = defineSecretKind({
  code: 'SECRET-AWS-SECRET-ACCESS-KEY',
  title: 'AWS secret access key',
  why: 'It signs requests to AWS as its owner.',
  rotate:
    'In IAM make a second access key for the user, deactivate the one this belongs to, delete it once nothing fails. Better: give the workload a role and no key.',
  rank: 70,
  patterns: [
    {
      expression: assignedToAny(
        String.raw`aws[\w.-]{0,20}secret(?:[\w.-]{0,12}key)?|secret[_.-]?access[_.-]?key|aws[_.-]?secret|secret[_.-]?key|aws[_.-]?(?:private[_.-]?)?key`,
        KEY,
      ),
      verify: isKey,
    },
    {
      expression: new RegExp(
        String.raw`(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])[^\n]{0,10}(?:\r?\n)?[^\n]{0,120}?(?<![A-Za-z0-9/+])(?<secret>${KEY})`,
        'g',
      ),
      verify: isKey,
    },
    {
      expression: new RegExp(
        String.raw`(?<![A-Za-z0-9/+])(?<secret>${KEY})(?=[^\n]{0,80}(?:\r?\n)?[^\n]{0,80}?(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9]))`,
        'g',
      ),
      verify: isKey,
    },
  ],
});
