// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineMapping, equals, from, lookup } from 'slake/contract';
import { nameOf, risk, signIn } from './shapes/sign-in.ts';
import { STREAM } from './shapes/stream.ts';
import { ACTING_APP, VERSIONS } from './shapes/versions.ts';

const KINDS = {
  ServicePrincipalSignInLogs: 'Service Principal',
  MicrosoftServicePrincipalSignInLogs: 'Service Principal',
  ManagedIdentitySignInLogs: 'Managed Identity',
} as const;
const IDS = ['properties.servicePrincipalId', 'properties.appId'] as const;

/**
 * An application signs in to Entra ID as itself: a service principal (those of Microsoft have a log of their own), or the
 * managed identity of an Azure resource.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/aadserviceprincipalsigninlogs
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/microsoftserviceprincipalsigninlogs
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
      // Of an application without a service principal in the tenant there is the id of the application alone.
      uid: from(IDS),
      uid_alt: from('properties.appId'),
      name: nameOf(['properties.servicePrincipalName', 'identity', 'properties.appDisplayName'], IDS),
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
