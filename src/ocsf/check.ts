// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

// What the generated validators are made of.
export * from './check-event.ts';
export * from './check-value.ts';
export * from './ip.ts';
export * from './report.ts';
