// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { badArguments } from '../../errors/cli.ts';
import { Failure } from '../../errors/failure.ts';
import type { Finding } from '../../findings/index.ts';
import { loadModule } from '../../module/load.ts';
import { analyseStacks, analyseText, policyRules, STACKS_NOT_MADE, STALE, UNREADABLE } from '../../scan/iam/analyse.ts';
import { chosenModules, moduleOptions, stackConfigFile, stackOptions } from '../chosen-modules.ts';
import { type CommandContext, defineCommand, textOption } from '../command.ts';
import { findingOptions, printFindings } from '../findings.ts';
import { proofOptions, proveModules } from '../iam-proof.ts';

const LARGEST_BYTES = 5_000_000;

export const command = defineCommand({
  summary: 'Checks IAM policies: of a module, of a policy document or of a CloudFormation template',
  description: `Of a module the stacks are made as a deployment would make them, and all statements of a role count together. A file
may hold identity, resource, trust and key policies in JSON or YAML; intrinsic functions are resolved to patterns in which
an unknown value is never taken for a wildcard.`,
  options: {
    ...moduleOptions,
    ...stackOptions,
    policy: { type: 'string', value: '<file>', description: 'A policy document, a list of them, or a template' },
    ...findingOptions,
    ...proofOptions,
  },
  examples: [
    'npm run iam-analyzer -- --module azure',
    'npm run iam-analyzer -- --all --strict',
    'npm run iam-analyzer -- --module azure --prove',
    'npm run iam-analyzer -- --policy policy.json',
    'npm run iam-analyzer -- --policy cdk.out/MyStack.template.json --format sarif',
  ],
  run: async (context) => {
    if (context.values.prove) return proveModules(context);
    const given = textOption(context.values, 'policy');
    const rules = [...policyRules, STALE, UNREADABLE, STACKS_NOT_MADE];
    if (given !== undefined) {
      return printFindings(context, { tool: 'iam-analyzer', rules, findings: await policyFile(context, given) });
    }
    const configFile = stackConfigFile(context);
    const findings: Finding[] = [];
    const lines: string[] = [];
    for (const { id, folder } of chosenModules('iam-analyzer', context)) {
      try {
        const { stacks, holders, found } = await analyseStacks(await loadModule(folder, id), configFile);
        findings.push(...found);
        lines.push(`${id}: ${holders} roles and resources with policies in ${stacks.join(', ')}`);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        findings.push({
          code: STACKS_NOT_MADE.code,
          level: 'not-checked',
          subject: id,
          message: error.message,
          fix: error.hint,
        });
      }
    }
    // The core stack is that of every module.
    const unique = [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
    return printFindings(context, { tool: 'iam-analyzer', rules, findings: unique }, { lines });
  },
});

async function policyFile({ callerFolder, root }: CommandContext, given: string): Promise<Finding[]> {
  const file = resolve(callerFolder, given);
  const size = statSync(file, { throwIfNoEntry: false });
  if (!size?.isFile()) throw new Failure(badArguments, { command: 'iam-analyzer', why: `${given} is no file` });
  if (size.size > LARGEST_BYTES) {
    throw new Failure(badArguments, { command: 'iam-analyzer', why: `${given} is larger than ${LARGEST_BYTES} bytes` });
  }
  return analyseText(readFileSync(file, 'utf8'), relative(root, file).replaceAll('\\', '/'));
}
