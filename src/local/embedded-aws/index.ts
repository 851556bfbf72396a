// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export { type AwsIdentity, clientEnvironment, clientSettings } from './environment.ts';
export { freePort } from './free-port.ts';
export { type EmbeddedAws, type EmbeddedAwsOptions, startEmbeddedAws } from './start.ts';
