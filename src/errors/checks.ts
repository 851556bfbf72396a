// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export const moduleNotChosen = defineError<{ command: string; known: readonly string[] }>({
  code: 'SLK-CHECKS-001',
  title: 'No module was named',
  blame: 'user',
  message: ({ command }) => `${command} was told no module, and the folder is not that of one`,
  hint: ({ known }) =>
    `Give --module with one of ${known.join(', ') || '(there are none)'}, or --all, or go into the folder of a module.`,
});

export const ruleUnknown = defineError<{ code: string; nearest: string | undefined }>({
  code: 'SLK-CHECKS-002',
  title: 'There is no rule with this code',
  blame: 'user',
  message: ({ code, nearest }) => `there is no rule ${code}${nearest ? `; did you mean ${nearest}?` : ''}`,
  hint: 'The reference page of the checklist lists all rules.',
});
