// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineMapping, equals, from, lookup, trimmed } from 'slake/contract';
import { device, nameOf, risk, signIn } from './shapes/sign-in.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

const DISPLAY_NAMES = ['properties.userDisplayName', 'identity'] as const;

/**
 * A user signs in to Entra ID, interactively or by a token that was got before, or through federation (ADFS).
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/concept-sign-ins
 */
export const userSignIn = defineMapping({
  stream: STREAM,
  when: equals('category', 'SignInLogs', 'NonInteractiveUserSignInLogs', 'ADFSSignInLogs'),
  class: 'authentication',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud', 'host'],
  event: {
    ...signIn,
    logon_type_id: 99,
    logon_type: lookup(
      'category',
      { NonInteractiveUserSignInLogs: 'Non-interactive user sign-in', ADFSSignInLogs: 'Federated user sign-in' },
      'Interactive user sign-in',
    ),
    device,
    user: {
      uid: from('properties.userId'),
      name: nameOf(
        [
          'properties.userPrincipalName',
          'properties.signInIdentifier',
          'properties.alternateSignInName',
          ...DISPLAY_NAMES,
        ],
        ['properties.userId'],
      ),
      full_name: from(DISPLAY_NAMES),
      type_id: lookup('properties.userType', { Member: 1, member: 1, Guest: 99, guest: 99 }, 1),
      type: lookup('properties.userType', { Guest: 'Guest', guest: 'Guest' }, 'User'),
      org: { uid: from('properties.homeTenantId') },
      ...risk,
    },
    auth_factors: [
      {
        factor_type_id: lookup('properties.mfaDetail.authMethod', { 'Text message': 1, 'Phone call': 3 }, 99),
        phone_number: from('properties.mfaDetail.authDetail', maskedPhone),
      },
    ],
  },
});

/** Entra ID masks the phone number of a second factor: `+X XXXXXXXX90`. */
function maskedPhone(value: unknown): string | undefined {
  const text = trimmed(value);
  return text !== undefined && /^\+[X\d][X\d ]{3,30}$/.test(text) ? text : undefined;
}
