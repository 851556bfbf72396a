// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isRandomBase64 } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

export const kind = defineSecretKind({
  code: 'SECRET-AZURE-COSMOS-KEY',
  title: 'Cosmos DB account key',
  why: 'It reads and changes every database of the account.',
  rotate: 'Regenerate the key (az cosmosdb keys regenerate) and store the new one in Secrets Manager.',
  rank: 75,
  patterns: [
    {
      expression: /(?<![A-Za-z0-9+/])(?<secret>[A-Za-z0-9+/]{86}(?:==|%3D%3D))/gi,
      verify: (secret, { around, before, lockFile }) =>
        !lockFile &&
        isRandomBase64(secret) &&
        (/ACDb[A-Za-z0-9+/]{5}[AQgw]==/.test(secret) || /cosmos|documents\.azure|DocumentDB/i.test(around)) &&
        !/(?:sha-?\d+|hash|digest|integrity|checksum)[^\n]{0,24}$/i.test(before),
    },
  ],
});
