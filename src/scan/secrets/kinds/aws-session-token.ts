// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { assignedToAny } from '../assignment.ts';
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html */
export const kind = defineSecretKind({
  code: 'SECRET-AWS-SESSION-TOKEN',
  title: 'AWS session token',
  why: 'With its temporary keys it acts as the role until it expires.',
  rotate: 'Revoke the active sessions of the role in IAM; the token itself cannot be taken back.',
  rank: 80,
  patterns: [
    {
      expression: assignedToAny(
        String.raw`session[_.-]?token|security[_.-]?token`,
        String.raw`[A-Za-z0-9/+=_-]{60,4096}`,
      ),
      verify: (secret) => entropy(secret) > 4,
    },
    {
      expression: /(?<![A-Za-z0-9/+])(?<secret>(?:IQoJ|FwoG|FQoG|FQoD)[A-Za-z0-9/+]{80,4096}={0,2})/g,
      verify: (secret, { before }) => entropy(secret) > 4.5 && !/base64,$/.test(before),
    },
  ],
});
