// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { characterClasses } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.SecretValue.html */
export const kind = defineSecretKind({
  code: 'SECRET-CDK-PLAIN-TEXT',
  title: 'Secret as plain text in CDK code',
  why: 'The value ends up in the template, which everybody with read access to the stack can see.',
  rotate:
    'Change the value, store it with configure-secrets, and refer to it by name: SecretValue.secretsManager(name).',
  rank: 45,
  patterns: [
    {
      expression:
        /(?:unsafe_?plain_?text|fromUnsafePlaintext|SecretValue\s{0,2}\.\s{0,2}plain_?text)\s{0,3}\(\s{0,40}["'`](?<secret>[^"'`\n]{4,400})["'`]/gi,
      verify: (secret) => secret.length >= 6 || characterClasses(secret) >= 2,
    },
    { expression: /\bsecret_?string\\?["']?\s{0,3}[:=]\s{0,3}\\?["'`](?<secret>[^"'`\n{\\][^"'`\n]{5,400})["'`]/gi },
  ],
});
