// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export { type Ask, readAnswer } from './answer.ts';
export {
  findingOf,
  type ItemResult,
  type PreflightItem,
  preflightItems,
  preflightRules,
  stateWords,
} from './item.ts';
export { preflight } from './preflight.ts';
