// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export { authenticationFailed, secretInvalid, sourceFailed } from '../errors/collector.ts';
export { Failure } from '../errors/failure.ts';
export { CheckpointTable } from './checkpoint.ts';
export type { Clients } from './clients.ts';
export * from './delivery.ts';
export { inMemoryAws } from './in-memory.ts';
export { itemTexts } from './json-items.ts';
export * from './pages.ts';
export { Secret } from './secret.ts';
export * from './settings.ts';
