// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** CloudEvents `type` of what the processor collects; STREAM of its helpers/api is the same. */
export const STREAM = 'com.acme.events';
