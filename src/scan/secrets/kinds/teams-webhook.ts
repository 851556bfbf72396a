// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineSecretKind } from '../kind.ts';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

export const kind = defineSecretKind({
  code: 'SECRET-TEAMS-WEBHOOK',
  title: 'Incoming webhook of Microsoft Teams',
  why: 'Whoever has the address posts into the channel.',
  rotate: 'Remove the connector from the channel and make a new one; store its address as a secret.',
  rank: 80,
  patterns: [
    {
      expression: new RegExp(
        String.raw`(?<secret>(?:[\w-]{1,60}\.webhook\.office\.com/webhookb2|outlook\.office(?:365)?\.com/webhook(?:b2)?)/${UUID}(?:@|%40)${UUID}/IncomingWebhook/[0-9a-zA-Z]{20,40}(?:/${UUID})?(?:/[\w-]{1,100})?)`,
        'gi',
      ),
      verify: (secret) => new Set(secret.slice(-36)).size > 6,
      anyValue: true,
    },
  ],
});
