// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { badArguments } from '../../errors/cli.ts';
import { Failure } from '../../errors/failure.ts';
import type { Finding } from '../../findings/index.ts';
import { loadModule } from '../../module/load.ts';
import { pythonsOf } from '../../scan/code/python.ts';
import { analyseStacks, analyseText, iamRules, STACKS_NOT_MADE } from '../../scan/iam/analyse.ts';
import { accessLine } from '../../scan/iam/grants/analyse.ts';
import { chosenModules, moduleOptions, stackConfigFile, stackOptions } from '../chosen-modules.ts';
import { type CommandContext, defineCommand, textOption } from '../command.ts';
import { findingOptions, printFindings } from '../findings.ts';

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
  },
  examples: [
    'npm run iam-analyzer -- --module azure',
    'npm run iam-analyzer -- --all --strict',
    'npm run iam-analyzer -- --policy policy.json',
    'npm run iam-analyzer -- --policy cdk.out/MyStack.template.json --format sarif',
  ],
  run: async (context) => {
    const given = textOption(context.values, 'policy');
    const rules = iamRules;
    if (given !== undefined) {
      return printFindings(context, { tool: 'iam-analyzer', rules, findings: await policyFile(context, given) });
    }
    const configFile = stackConfigFile(context);
    const findings: Finding[] = [];
    const lines: string[] = [];
    for (const { id, folder } of chosenModules('iam-analyzer', context)) {
      try {
        const asked = { root: context.root, pythons: pythonsOf(context.root) };
        const analysis = await analyseStacks(await loadModule(folder, id), configFile, asked);
        findings.push(...analysis.found);
        lines.push(`${id}: ${analysis.holders} roles and resources with policies in ${analysis.stacks.join(', ')}`);
        lines.push(...analysis.functions.map((own) => `  ${accessLine(own)}`));
      } catch (error) {
        findings.push(notAnalysed(id, error));
      }
    }
    // The core stack is that of every module.
    const unique = [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
    return printFindings(context, { tool: 'iam-analyzer', rules, findings: unique }, { lines });
  },
});

/** One module that cannot be looked at, whatever it is, does not keep the others from being looked at. */
function notAnalysed(id: string, error: unknown): Finding {
  const why = error instanceof Error ? error.message : String(error);
  const message = why.split('\n').slice(0, 3).join(' ');
  const fix = error instanceof Failure ? error.hint : undefined;
  return { code: STACKS_NOT_MADE.code, level: STACKS_NOT_MADE.level, subject: id, message, ...(fix ? { fix } : {}) };
}

async function policyFile({ callerFolder, root }: CommandContext, given: string): Promise<Finding[]> {
  const file = resolve(callerFolder, given);
  const size = statSync(file, { throwIfNoEntry: false });
  if (!size?.isFile()) throw new Failure(badArguments, { command: 'iam-analyzer', why: `${given} is no file` });
  if (size.size > LARGEST_BYTES) {
    throw new Failure(badArguments, { command: 'iam-analyzer', why: `${given} is larger than ${LARGEST_BYTES} bytes` });
  }
  return analyseText(readFileSync(file, 'utf8'), relative(root, file).replaceAll('\\', '/'));
}
