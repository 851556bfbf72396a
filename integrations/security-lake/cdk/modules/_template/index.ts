// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export { acmeModule as module } from './acme-module.ts';
