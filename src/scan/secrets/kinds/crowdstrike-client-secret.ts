// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { assignedToAny } from '../assignment.ts';
import { looksRandom } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

const VALUE = String.raw`[A-Za-z0-9]{32,48}(?![A-Za-z0-9])`;

export const kind = defineSecretKind({
  code: 'SECRET-CROWDSTRIKE-CLIENT-SECRET',
  title: 'Client secret of a CrowdStrike API client',
  why: 'It reads detections, and with write scopes contains hosts.',
  rotate: 'Reset the secret of the API client in the Falcon console and store the new one as a secret.',
  rank: 65,
  patterns: [
    {
      expression: assignedToAny(String.raw`(?:falcon|crowdstrike|cs)[\w.-]{0,20}(?:secret|key|token)`, VALUE),
      verify: (secret) => looksRandom(secret),
    },
    {
      expression: assignedToAny(String.raw`(?:client[_-]?)?secret`, VALUE),
      verify: (secret, { around }) => looksRandom(secret) && /falcon|crowdstrike/i.test(around),
    },
  ],
});
