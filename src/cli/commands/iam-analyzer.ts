// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { nearest } from '../../config/nearest.ts';
import { badArguments } from '../../errors/cli.ts';
import { counted } from '../../errors/counted.ts';
import { Failure } from '../../errors/failure.ts';
import { actionUnknown } from '../../errors/scan.ts';
import type { Finding } from '../../findings/index.ts';
import { loadModule } from '../../module/load.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { pythonsOf } from '../../scan/ask-python.ts';
import { validatePolicies } from '../../scan/iam/access-analyzer/validate.ts';
import { analyseStacks, analyseText, iamRules, STACKS_NOT_MADE, type StackAnalysis } from '../../scan/iam/analyse.ts';
import { loadCatalog, servicePrefix } from '../../scan/iam/catalog.ts';
import { baseTemplates, type Commit, commitOf } from '../../scan/iam/difference/base.ts';
import { newAccess } from '../../scan/iam/difference/new-access.ts';
import { NOT_COMPARED } from '../../scan/iam/difference/rules.ts';
import { accessData, accessLine, type FunctionAccess } from '../../scan/iam/grants/analyse.ts';
import { explainAction, explanationLines } from '../../scan/iam/grants/explain.ts';
import { catalogOf, leastStatements, suggestedText } from '../../scan/iam/grants/suggest.ts';
import { chosenModules, type ModuleFolder, moduleOptions, stackConfigFile, stackOptions } from '../chosen-modules.ts';
import { type CommandContext, defineCommand, textOption } from '../command.ts';
import { explainRule, findingOptions, printFindings } from '../findings.ts';
import { proofOptions, proveModules } from '../iam-proof.ts';

const LARGEST_BYTES = 5_000_000;

export const command = defineCommand({
  summary: 'Holds the code of functions against the grants of their roles, and checks IAM policies',
  description: `Of a module the stacks are made as a deployment would make them, and all statements of a role count together. The code
of each function is followed from its handler to the calls of AWS it leads to: what is called and not granted is an error,
what is granted and nothing needs a warning.

A file may hold identity, resource, trust and key policies in JSON or YAML; intrinsic functions are resolved to patterns in
which an unknown value is never taken for a wildcard.`,
  options: {
    ...moduleOptions,
    ...stackOptions,
    policy: { type: 'string', value: '<file>', description: 'A policy document, a list of them, or a template' },
    explain: {
      type: 'string',
      value: '<action or code>',
      description: 'Who needs an action and what grants it; or a rule',
    },
    diff: {
      type: 'string',
      value: '<commit>',
      description: 'Adds the access that is new against a branch, tag or commit',
    },
    'access-analyzer': { type: 'boolean', description: 'Asks IAM Access Analyzer too; needs AWS credentials' },
    suggest: { type: 'boolean', description: 'Shows the least statements that each function needs' },
    ...findingOptions,
    ...proofOptions,
  },
  examples: [
    'npm run iam-analyzer -- --module azure',
    'npm run iam-analyzer -- --all --strict',
    'npm run iam-analyzer -- --module azure --prove',
    'npm run iam-analyzer -- --module azure --explain secretsmanager:GetSecretValue',
    'npm run iam-analyzer -- --module azure --suggest',
    'npm run iam-analyzer -- --all --diff main',
    'npm run iam-analyzer -- --explain UNUSED_GRANT',
    'npm run iam-analyzer -- --policy policy.json',
    'npm run iam-analyzer -- --policy cdk.out/MyStack.template.json --format sarif',
  ],
  run: async (context) => {
    const { output, values } = context;
    const explained = textOption(values, 'explain');
    if (values.diff !== undefined && (values.prove || values.suggest || explained !== undefined)) {
      throw new Failure(badArguments, {
        command: 'iam-analyzer',
        why: '--diff goes with neither --prove nor --suggest nor --explain',
      });
    }
    if (values.prove) return proveModules(context);
    const rules = iamRules;
    if (explained !== undefined && !explained.includes(':')) return explainRule(output, rules, explained);
    const given = textOption(values, 'policy');
    if (given !== undefined) {
      if (explained !== undefined || values.suggest || values.diff !== undefined) {
        const why = '--policy takes neither --diff nor --suggest nor --explain of an action';
        throw new Failure(badArguments, { command: 'iam-analyzer', why });
      }
      return printFindings(context, { tool: 'iam-analyzer', rules, findings: await policyFile(context, given) });
    }
    const modules = chosenModules('iam-analyzer', context);
    const action = explained === undefined ? undefined : await knownAction(explained);
    const reference = textOption(values, 'diff');
    const commit = reference === undefined ? undefined : await commitOf(context.root, reference);
    const findings: Finding[] = [];
    const analyses: { readonly id: string; readonly analysis: StackAnalysis }[] = [];
    for (const module of modules) {
      const result = await analyse(context, module);
      if ('code' in result) findings.push(result);
      else {
        findings.push(...result.found);
        analyses.push({ id: module.id, analysis: result });
      }
    }
    const functions = withoutRepeats(analyses.flatMap(({ analysis }) => analysis.functions));
    if (action !== undefined) return explain(context, action, functions, findings);
    if (values.suggest) return suggest(context, functions, findings);
    const lines = analyses.flatMap(({ id, analysis: { holders, stacks, functions: own } }) => [
      `${id}: ${counted(holders, 'role or resource', 'roles and resources')} with policies in ${stacks.join(', ')}`,
      ...own.map((access) => `  ${accessLine(access)}`),
    ]);
    if (values['access-analyzer']) {
      const templates = new Set(analyses.flatMap(({ analysis }) => analysis.templates));
      findings.push(...(await validatePolicies([...templates])));
    }
    if (commit !== undefined) {
      const difference = await against(context, commit, analyses);
      findings.push(...difference.findings);
      lines.push(...difference.lines);
    }
    const json = { functions: functions.map(accessData) };
    const code = printFindings(context, { tool: 'iam-analyzer', rules, findings: distinct(findings) }, { lines, json });
    // Whoever asks what is new has no answer without the base, whatever else is found.
    return findings.some((finding) => finding.code === NOT_COMPARED.code) ? 2 : code;
  },
});

/** What is new against another commit of the project. */
async function against(
  context: CommandContext,
  commit: Commit,
  analyses: readonly { readonly id: string; readonly analysis: StackAnalysis }[],
): Promise<{ readonly findings: readonly Finding[]; readonly lines: readonly string[] }> {
  const { root, signal } = context;
  const { reference } = commit;
  const ids = analyses.map(({ id }) => id);
  const modulesFolder = join(CDK_FOLDER, 'modules');
  const base = await baseTemplates({
    root,
    commit,
    modulesFolder,
    ids,
    configFile: stackConfigFile(context),
    signal,
  });
  const not = (message: string, subject?: string): Finding => {
    return {
      code: NOT_COMPARED.code,
      level: NOT_COMPARED.level,
      message,
      ...(subject === undefined ? {} : { subject }),
    };
  };
  if ('notMade' in base) return { findings: [not(base.notMade)], lines: [] };
  const findings: Finding[] = [];
  const lines: string[] = [];
  for (const { id, analysis } of analyses) {
    const templates = base.templates[id];
    if (!templates) {
      findings.push(not(`its stacks of ${reference} are not made: ${base.failed[id] ?? 'no reason is known'}`, id));
      continue;
    }
    const { added, gone, findings: own } = newAccess(analysis.templates, templates, reference);
    findings.push(...own);
    const there = base.missing.includes(id) ? ', where it is not yet' : '';
    lines.push(
      `${id}: ${counted(added, 'grant')} new and ${gone} gone against ${reference} (${commit.hash.slice(0, 9)})${there}`,
    );
  }
  return { findings, lines };
}

/** The core stack is that of every module. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

function withoutRepeats(functions: readonly FunctionAccess[]): readonly FunctionAccess[] {
  return [...new Map(functions.map((access) => [`${access.stack} ${access.function.id}`, access])).values()];
}

/** One module that cannot be looked at, whatever it is, does not keep the others from being looked at. */
async function analyse(context: CommandContext, { id, folder }: ModuleFolder): Promise<StackAnalysis | Finding> {
  const { root } = context;
  try {
    const loaded = await loadModule(folder, id);
    return await analyseStacks(loaded, stackConfigFile(context), { root, pythons: pythonsOf(root) });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = why.split('\n').slice(0, 3).join(' ');
    const fix = error instanceof Failure ? error.hint : undefined;
    // What its author can mend is a finding; what AWS does not give here, such as a parameter, is not its fault.
    const isWrong = error instanceof Failure && error.blame === 'user';
    const level = isWrong ? 'error' : STACKS_NOT_MADE.level;
    return { code: STACKS_NOT_MADE.code, level, subject: id, message, ...(fix ? { fix } : {}) };
  }
}

/** An action as AWS writes it. Throws SLK-SCAN-003 for one that does not exist. */
async function knownAction(text: string): Promise<string> {
  const service = servicePrefix(text);
  const catalog = await loadCatalog([service]);
  const names = catalog.of(service)?.actions.map(({ name }) => name) ?? [];
  const known = names.find((name) => name.toLowerCase() === text.toLowerCase());
  if (known) return known;
  throw new Failure(actionUnknown, {
    action: text,
    nearest: nearest(text, names.length > 0 ? names : [...catalog.services]),
  });
}

function explain(
  { output }: CommandContext,
  action: string,
  functions: readonly FunctionAccess[],
  findings: readonly Finding[],
): 0 | 2 {
  const uses = explainAction(action, functions);
  output.object({ action, uses });
  for (const line of explanationLines(action, uses)) output.line(line);
  return told(output, findings);
}

async function suggest(
  { output }: CommandContext,
  functions: readonly FunctionAccess[],
  findings: readonly Finding[],
): Promise<0 | 2> {
  const all: object[] = [];
  for (const access of functions) {
    const { name } = access.function;
    const statements = leastStatements(access, await catalogOf(access));
    all.push({ function: name, ...(statements ? { statements } : { notChecked: access.notChecked }) });
    output.line(output.style.bold(name));
    for (const statement of statements ?? []) output.line(`  ${suggestedText(statement)},`);
    if (!statements) output.line(`  not known: ${access.notChecked}`);
  }
  output.object({ functions: all });
  return told(output, findings);
}

/** Says which modules are left out of an answer; 2 where there is one. */
function told({ progress }: CommandContext['output'], findings: readonly Finding[]): 0 | 2 {
  const missing = findings.filter(({ code }) => code === STACKS_NOT_MADE.code);
  for (const { subject, message } of missing) progress(`not checked  ${subject}: ${message}`);
  return missing.length > 0 ? 2 : 0;
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
