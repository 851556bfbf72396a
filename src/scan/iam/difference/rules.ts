// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../../../findings/index.ts';

export const NOT_COMPARED = {
  code: 'NOT_COMPARED',
  title: 'The base can be compared with',
  level: 'not-checked',
  why: 'Without the stacks of the base nobody knows what is new, so the exit code is 2.',
  fix: 'Name a commit, branch or tag whose code can make its stacks with the packages that are installed here.',
} as const satisfies Rule;

/** What `--diff` can find. */
export const differenceRules = [
  {
    code: 'NEW_ACCESS',
    title: 'No access is new against the base',
    level: 'warning',
    why: 'Access that a change brings is what its reviewer must see.',
    how: 'The stacks of the base are made by its own code; an action on a resource, or a principal, is new where no statement of the same role or resource allows it there under the same conditions.',
    fix: 'Nothing where it is meant; else take it away.',
  },
  NOT_COMPARED,
] as const satisfies readonly Rule[];
