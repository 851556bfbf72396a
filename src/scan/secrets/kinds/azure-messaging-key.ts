// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { assigned, assignedToAny } from '../assignment.ts';
import { isRandomBase64 } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** 32 bytes in base64. */
const KEY = String.raw`[A-Za-z0-9+/]{43}=(?!=)`;

/**
 * Keys of shared access policies: Event Hubs, Service Bus, Relay, IoT Hub.
 * @see https://learn.microsoft.com/azure/event-hubs/authorize-access-shared-access-signature
 */
export const kind = defineSecretKind({
  code: 'SECRET-AZURE-MESSAGING-KEY',
  title: 'Key of a shared access policy (Event Hubs, Service Bus)',
  why: 'It reads or sends everything that the policy it belongs to allows.',
  rotate:
    'Regenerate the key of the policy (az eventhubs namespace authorization-rule keys renew), put the new connection string into the secret of the module. Better: a policy with Listen alone.',
  rank: 70,
  patterns: [
    { expression: /SharedAccessKey\s{0,3}=\s{0,3}(?<secret>[A-Za-z0-9+/]{40,88}={0,2})/gi },
    {
      expression: assignedToAny(
        String.raw`shared[\w.-]{0,3}access[\w.-]{0,3}key(?:[_-]?value)?|sas[_-]?(?:policy[_-]?)?key(?:[_-]?value)?|(?:event[_-]?hubs?|service[_-]?bus|namespace|relay|iot(?:[_-]?hub)?|eh|sb)[\w.-]{0,30}key(?:[_-]?value)?|(?:primary|secondary|policy|listen|send|manage)[_-]?key`,
        KEY,
      ),
      verify: isRandomBase64,
    },
    {
      // The key is an argument beside the policy's name.
      expression: new RegExp(
        String.raw`(?:SharedKeyCredential|SharedAccessKeyCredential|AzureNamedKeyCredential|NamedKeyCredential|SharedAccessKeyTokenProvider|generate_?sas\w{0,12}|createSharedAccess\w{1,12})\s{0,3}\([^)]{0,300}?["'\`](?<secret>${KEY})`,
        'gi',
      ),
      verify: isRandomBase64,
    },
    {
      // Keys that carry the mark of their service.
      expression:
        /(?<![A-Za-z0-9+/])(?<secret>[A-Za-z0-9+/]{33}(?:AIoT|\+ASb|\+AEh|\+ARm)[A-P][A-Za-z0-9+/]{5}=)(?!=)/g,
    },
    {
      // A bare key in something that speaks of Event Hubs or Service Bus.
      expression: new RegExp(String.raw`(?<![A-Za-z0-9+/])(?<secret>${KEY})`, 'g'),
      verify: (secret, { around, before, lockFile }) =>
        !lockFile &&
        isRandomBase64(secret) &&
        /servicebus|event[-_ ]?hub|service[-_ ]?bus|RootManageSharedAccessKey|iot[-_ ]?hub/i.test(around) &&
        /(?:key|policy|rule|secret|credential)/i.test(around.slice(0, 400)) &&
        !/(?:sha\d*|hash|digest|integrity|checksum|thumbprint|fingerprint|public|signature)[^\n]{0,20}$/i.test(before),
    },
    { expression: assigned(String.raw`(?:--)?account[_-]?key|-k`, KEY), verify: isRandomBase64 },
  ],
});
