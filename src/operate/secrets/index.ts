// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export * from './secret-value.ts';
export * from './write-secret.ts';
