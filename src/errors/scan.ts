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
