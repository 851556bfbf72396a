// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineMapping, equals, from, lookup } from 'slake/contract';
import { risk, signIn } from './shapes/sign-in.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

const KINDS = {
  ServicePrincipalSignInLogs: 'Service Principal',
  ManagedIdentitySignInLogs: 'Managed Identity',
} as const;

/**
 * An application signs in to Entra ID as itself: a service principal, or the managed identity of an Azure resource.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/aadserviceprincipalsigninlogs
 */
export const workloadSignIn = defineMapping({
  stream: STREAM,
  when: equals('category', ...Object.keys(KINDS)),
  class: 'authentication',
  versions: VERSIONS,
  adjust: ACTING_APP,
  profiles: ['cloud'],
  event: {
    ...signIn,
    logon_type_id: 99,
    logon_type: lookup(
      'category',
      { ManagedIdentitySignInLogs: 'Managed identity sign-in' },
      'Service principal sign-in',
    ),
    user: {
      uid: from('properties.servicePrincipalId'),
      uid_alt: from('properties.appId'),
      name: from(['properties.servicePrincipalName', 'identity']),
      type_id: 99,
      type: lookup('category', KINDS, 'Service Principal'),
      credential_uid: from([
        'properties.servicePrincipalCredentialKeyId',
        'properties.servicePrincipalCredentialThumbprint',
      ]),
      ...risk,
    },
  },
});
