// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isRandomBase64 } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

const HASH_BEFORE =
  /(?:sha-?\d*[-:="' ]*|hash|digest|integrity|checksum|etag|thumbprint|fingerprint|public|certificate|signature|sig)[^\n]{0,24}$/i;

/** 64 bytes in base64, which is as long as a SHA-512. */
export const kind = defineSecretKind({
  code: 'SECRET-AZURE-STORAGE-KEY',
  title: 'Storage account key',
  why: 'It reads, changes and deletes everything in the storage account.',
  rotate:
    'Regenerate the key (az storage account keys renew) and put the new one into the secret of the module. Better: a role assignment, or a SAS that only reads.',
  rank: 60,
  patterns: [
    { expression: /AccountKey\s{0,3}=\s{0,3}(?<secret>[A-Za-z0-9+/]{40,88}={0,2})/gi, verify: isRandomBase64 },
    {
      expression: /(?<![A-Za-z0-9+/])(?<secret>[A-Za-z0-9+/]{86}==)(?![A-Za-z0-9+/=])/g,
      verify: (secret, { before, lockFile }) => !lockFile && isRandomBase64(secret) && !HASH_BEFORE.test(before),
    },
  ],
});
