// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
export const kind = defineSecretKind({
  code: 'SECRET-AWS-ACCESS-KEY-ID',
  title: 'AWS access key id',
  why: 'With its secret access key, which seldom is far away, it signs requests as its owner.',
  rotate:
    'In IAM make a second access key for the user, deactivate this one, delete it once nothing fails. Better: give the workload a role and no key.',
  rank: 60,
  patterns: [
    {
      expression: /(?<![A-Za-z0-9])(?<secret>(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})(?![A-Za-z0-9])/g,
      verify: (secret) => entropy(secret) > 2.8,
    },
  ],
});
