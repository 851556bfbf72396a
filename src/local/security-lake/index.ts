// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export { eventClasses } from './event-classes.ts';
export { type SecurityLakeOptions, type SecurityLakeStandIn, startSecurityLake } from './start.ts';
