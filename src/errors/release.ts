// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export const deploymentFailed = defineError<{ why: string; lines: readonly string[] }>({
  code: 'SLK-RELEASE-001',
  title: 'A deployment failed',
  blame: 'user',
  message: ({ why, lines }) => [why, ...lines.map((line) => `  | ${line}`)].join('\n'),
  hint: 'CloudFormation has rolled the stack back. The first failed resource above says what is wrong.',
});
