// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export const baselineUnreadable = defineError<{ file: string; why: string }>({
  code: 'SLK-SCAN-001',
  title: 'The baseline of known secrets cannot be read',
  blame: 'user',
  message: ({ file, why }) => `${file} is no baseline: ${why}`,
  hint: 'Restore it from version control, or delete it and make it anew with --update-baseline --reason "...".',
});

export const baselineNeedsReason = defineError({
  code: 'SLK-SCAN-002',
  title: 'A baseline needs a reason',
  blame: 'user',
  message: () => 'security-scan --update-baseline needs --reason, which is kept with each new entry',
  hint: 'Say why these secrets may stay for now: --reason "test accounts, removed with the next release".',
});

export const actionUnknown = defineError<{ action: string; nearest: string | undefined }>({
  code: 'SLK-SCAN-003',
  title: 'There is no such action of IAM',
  blame: 'user',
  message: ({ action, nearest }) => `IAM has no action ${action}${nearest ? `; did you mean ${nearest}?` : ''}`,
  hint: 'Write it as <service>:<Action>, as a policy does: secretsmanager:GetSecretValue.',
});

export const baseUnknown = defineError<{ reference: string }>({
  code: 'SLK-SCAN-004',
  title: 'There is no such commit to compare with',
  blame: 'user',
  message: ({ reference }) => `git knows no commit ${reference}, so nothing can be compared with it`,
  hint: 'Give --diff a branch, tag or commit of this clone: "git branch --all" and "git tag" list them; in a clone of little depth, "git fetch --unshallow" and "git fetch --tags" bring the others.',
});

export const baseOutOfReach = defineError<{ reference: string; why: string }>({
  code: 'SLK-SCAN-005',
  title: 'Git cannot be asked for the commit to compare with',
  blame: 'user',
  message: ({ reference, why }) => `--diff ${reference} compares with a commit of the project, and git fails: ${why}`,
  hint: 'Run it in a clone of the project with git installed; a copy without version control has no commits.',
});
