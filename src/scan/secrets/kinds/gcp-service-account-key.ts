// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

const BODY = String.raw`-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\\nr"'\`+,]{1,30}[A-Za-z0-9+/=\\nr\s"'\`+]{32,8000}`;

/** @see https://cloud.google.com/iam/docs/keys-create-delete */
export const kind = defineSecretKind({
  code: 'SECRET-GCP-SERVICE-ACCOUNT-KEY',
  title: 'Private key of a Google service account',
  why: 'It signs in as the service account from anywhere.',
  rotate:
    'Make a new key, delete this one (gcloud iam service-accounts keys delete <private_key_id>). Better: workload identity federation, which has none.',
  rank: 90,
  patterns: [
    {
      expression: new RegExp(
        String.raw`private_key\\{0,3}["']?\s{0,4}[:=]\s{0,4}(?:[rbf]{1,2}(?=["']))?[|>+-]{0,2}[\\"'\s]{0,20}(?<secret>${BODY})`,
        'g',
      ),
      verify: (secret, { around }) =>
        entropy(secret) > 4 && /service_account|private_key_id|gserviceaccount|client_email/.test(around),
      anyValue: true,
    },
  ],
});
