// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export const embeddedAwsNotInstalled = defineError<{ python: string }>({
  code: 'SLK-LOCAL-001',
  title: 'The embedded AWS is not installed',
  blame: 'user',
  message: ({ python }) => `${python} cannot import MiniStack, the embedded AWS`,
  hint: 'Run `npm run setup`: it makes the Python environment with the pinned MiniStack.',
});

export const embeddedAwsNotStarted = defineError<{ reason: string; logFile: string; lastLines: readonly string[] }>({
  code: 'SLK-LOCAL-002',
  title: 'The embedded AWS did not start',
  blame: 'bug',
  message: ({ reason, lastLines }) =>
    ['The embedded AWS did not start: ', reason, ...lastLines.map((line) => `\n  | ${line}`)].join(''),
  hint: ({ logFile }) => `The whole log is in ${logFile}.`,
});
