// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../../../findings/index.ts';

/** What `--access-analyzer` can find. */
export const accessAnalyzerRules = [
  {
    code: 'ACCESS_ANALYZER',
    title: 'IAM Access Analyzer has no objection',
    level: 'error',
    why: 'AWS validates policies by more rules than stand here, and they are its own.',
    how: 'Each policy of the stacks is sent to ValidatePolicy, which is free of charge; values that only a deployment knows are filled in.',
    fix: 'See the page that the finding names.',
  },
  {
    code: 'ACCESS_ANALYZER_NOT_ASKED',
    title: 'IAM Access Analyzer answers',
    level: 'not-checked',
    why: 'It is a service of AWS: it takes credentials that may call access-analyzer:ValidatePolicy, and a network.',
    fix: 'Sign in to an account, any will do, and run the same command again.',
  },
] as const satisfies readonly Rule[];
