// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export { z } from 'zod';
export * from './acknowledge.ts';
export * from './define-module.ts';
export * from './function.ts';
export * from './integration-module.ts';
export * from './local-source.ts';
export * from './names.ts';
export * from './processor.ts';
export * from './schedule.ts';
