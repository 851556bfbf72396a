// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export { azure as module } from './azure-module.ts';
