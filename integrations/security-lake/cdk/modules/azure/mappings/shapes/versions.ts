// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** OCSF versions the mappings are made for beside 1.3.0. */
export const VERSIONS = ['1.1.0', '1.8.0'] as const;

/** OCSF 1.1.0 has another name for the application that acts. */
export const ACTING_APP = { '1.1.0': { 'actor.app_name': 'invoked_by' } } as const;

/** In OCSF 1.1.0 findings of compliance and of vulnerabilities have a single resource. */
export const SINGLE_RESOURCE = { '1.1.0': { resources: 'resource' } } as const;
