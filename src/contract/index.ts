// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export * from './convert.ts';
export * from './envelope.ts';
export * from './mapping.ts';
export * from './path.ts';
export * from './remembered.ts';
