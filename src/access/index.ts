// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export type { RequestContext } from './condition.ts';
export {
  type AccessRequest,
  type Caller,
  concerns,
  type Decision,
  decide,
  type NamedPolicy,
  type Policies,
  type StatementPlace,
} from './decide.ts';
export {
  type Condition,
  isRecord,
  type PolicyDocument,
  type PolicyKind,
  type Principal,
  policyDocument,
  type Statement,
  texts,
} from './document.ts';
export { resolveIntrinsics } from './intrinsics.ts';
export {
  hasUnknown,
  hasWildcard,
  matches,
  overlap,
  type Pattern,
  patternText,
  unknown,
  withoutUnknown,
} from './pattern.ts';
export { readWritten, type Written } from './read.ts';
export { type AttachedPolicy, isTemplate, type PolicyHolder, policyHolders } from './template.ts';
