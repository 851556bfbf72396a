// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { badArguments } from '../../errors/cli.ts';
import { Failure } from '../../errors/failure.ts';
import { analyseText, policyRules, STALE, UNREADABLE } from '../../scan/iam/analyse.ts';
import { defineCommand, textOption } from '../command.ts';
import { findingOptions, printFindings } from '../findings.ts';

const LARGEST_BYTES = 5_000_000;

export const command = defineCommand({
  summary: 'Checks IAM policies: a policy document or a CloudFormation template',
  description: 'Reads identity, resource, trust and key policies in JSON or YAML; intrinsic functions are resolved.',
  options: {
    policy: { type: 'string', value: '<file>', description: 'A policy document, a list of them, or a template' },
    ...findingOptions,
  },
  examples: [
    'npm run iam-analyzer -- --policy policy.json',
    'npm run iam-analyzer -- --policy cdk.out/MyStack.template.json --format sarif',
  ],
  run: async (context) => {
    const given = textOption(context.values, 'policy');
    if (!given) throw new Failure(badArguments, { command: 'iam-analyzer', why: 'give a file with --policy' });
    const file = resolve(context.callerFolder, given);
    const size = statSync(file, { throwIfNoEntry: false });
    if (!size?.isFile()) throw new Failure(badArguments, { command: 'iam-analyzer', why: `${given} is no file` });
    if (size.size > LARGEST_BYTES) {
      throw new Failure(badArguments, {
        command: 'iam-analyzer',
        why: `${given} is larger than ${LARGEST_BYTES} bytes`,
      });
    }
    const findings = await analyseText(readFileSync(file, 'utf8'), relative(context.root, file).replaceAll('\\', '/'));
    return printFindings(context, { tool: 'iam-analyzer', rules: [...policyRules, STALE, UNREADABLE], findings });
  },
});
