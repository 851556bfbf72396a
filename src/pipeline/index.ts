// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export { createTransformer } from './transformer.ts';
