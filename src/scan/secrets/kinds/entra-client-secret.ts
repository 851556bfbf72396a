// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { assigned, assignedToAny } from '../assignment.ts';
import { entropy, isName, looksRandom } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

/** Tenant and client ids stand beside the secret. */
const NO_ID = String.raw`(?![0-9a-fA-F]{8}-[0-9a-fA-F]{4}-)`;
const VALUE = String.raw`${NO_ID}[A-Za-z0-9_~.+/=@:?!*^%#$&-]{16,64}(?![A-Za-z0-9_~.+/=-])`;
const isValue = (secret: string) => looksRandom(secret) && !isName(secret);

/** @see https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials */
export const kind = defineSecretKind({
  code: 'SECRET-ENTRA-CLIENT-SECRET',
  title: 'Client secret of an Entra application',
  why: 'It signs in as the application, with every permission an administrator consented to.',
  rotate:
    'Add a new client secret to the app registration, store it with configure-secrets, then delete this one. Better: a federated credential, which has none.',
  rank: 50,
  patterns: [
    {
      expression:
        /(?<![A-Za-z0-9_~.]|[A-Za-z0-9_]-)(?<secret>[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{29,36})(?![A-Za-z0-9_~-])/g,
      verify: (secret) => entropy(secret) > 3.4,
    },
    {
      expression: assignedToAny(
        String.raw`client[_. -]?secret(?:[_. -]?value)?|(?:azure|entra|aad|arm|msal)[\w.-]{0,20}(?:secret|password)(?:[_-]?value)?|app(?:lication)?[_-]?(?:secret|password)|client[_-]?credential|service[_-]?principal[_-]?(?:key|secret|password)|sp[_-]?(?:secret|password)`,
        VALUE,
      ),
      verify: isValue,
    },
    {
      expression:
        /az\s+login\b[^\n]{0,200}?(?:\\\r?\n[^\n]{0,200}?){0,4}?\s(?:-p|--password)(?:\s+|=)["']?(?<secret>[^\s"'`]{8,80})/g,
      verify: (secret) => looksRandom(secret, 12),
    },
    {
      expression: new RegExp(
        String.raw`(?:ClientSecretCredential|ConfidentialClientApplication|ServicePrincipalCredentials?)\s{0,3}\((?:[^)]{0,300}?[,(]\s{0,20})?["'](?<secret>${VALUE})["']`,
        'g',
      ),
      verify: isValue,
    },
    { expression: assigned(String.raw`--(?:client-secret|app-secret)`, VALUE), verify: isValue },
  ],
});
