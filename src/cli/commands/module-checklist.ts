// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join, relative } from 'node:path';
import { exemptionRules } from '../../checks/exemptions.ts';
import { loadChecks } from '../../checks/load-checks.ts';
import { frameworkContent, resultCache } from '../../checks/result-cache.ts';
import { type ItemState, type ModuleResult, runChecks } from '../../checks/run-checks.ts';
import { lookAt } from '../../checks/subject.ts';
import type { Rule } from '../../findings/index.ts';
import { chosenModules, moduleOptions } from '../chosen-modules.ts';
import { type CommandContext, defineCommand, textOption } from '../command.ts';
import { explainRule, findingOptions, printFindings } from '../findings.ts';

export const command = defineCommand({
  summary: 'Checks a module against the packaging checklist, with evidence for each item',
  description: `Every item of the packaging guide is proven, not believed: tests are run and their coverage measured, the module is
loaded and its stack made, each constraint of its configuration is violated once, the handler meets an AWS that fails.
What could not be looked at is said to be not checked. Results are kept by the content they came from.
A module says in module.checklist.yaml which rules it does not follow: code, reason, expires.`,
  options: {
    ...moduleOptions,
    fix: { type: 'boolean', description: 'Mends what is mechanical first: headers, generated parts' },
    explain: { type: 'string', value: '<code>', description: 'Shows a rule: why it is, how it is checked, what to do' },
    'no-cache': { type: 'boolean', description: 'Runs every check, also those whose result is known' },
    ...findingOptions,
  },
  examples: [
    'npm run module-checklist -- --module azure',
    'npm run module-checklist -- --all --strict',
    'npm run module-checklist -- --module okta --fix',
    'npm run module-checklist -- --explain CHK-TESTS-001',
    'npm run module-checklist -- --all --format sarif > checklist.sarif',
  ],
  async run(context) {
    const { values, output, root, signal } = context;
    const checks = await loadChecks();
    const rules: readonly Rule[] = [...checks, ...exemptionRules];
    const code = textOption(values, 'explain');
    if (code !== undefined) return explainRule(output, rules, code);

    const modules = chosenModules('module-checklist', context);
    const framework = values['no-cache'] ? undefined : frameworkContent(root);
    const results: ModuleResult[] = [];
    for (const { id, folder } of modules) {
      let subject = await lookAt({ id, root, folder, signal });
      if (values.fix) {
        const written = checks.flatMap(({ mend }) => mend?.(subject) ?? []);
        for (const file of written) output.progress(`mended ${relative(context.callerFolder, join(folder, file))}`);
        if (written.length > 0) subject = await lookAt({ id, root, folder, signal });
      }
      const cache = framework && resultCache(join(root, '.slake', 'checklist'), subject, framework);
      const today = new Date().toISOString().slice(0, 10);
      results.push(
        await output.stage(`Check ${id}`, (say) =>
          runChecks(subject, { checks, today, say, ...(cache ? { cache } : {}) }),
        ),
      );
    }
    const findings = results.flatMap((result) => result.findings);
    return printFindings(
      context,
      { tool: 'module-checklist', rules, findings },
      { json: { modules: results }, lines: results.flatMap((result) => lines(result, context)) },
    );
  },
});

const MARKS: Readonly<Record<ItemState, string>> = {
  ok: 'ok',
  exempt: 'exempt',
  error: 'failed',
  warning: 'warning',
  advice: 'advice',
  'not-checked': 'not checked',
};
const WIDTH = Math.max(...Object.values(MARKS).map((mark) => mark.length));

function lines({ module, items, exempted }: ModuleResult, { output: { style } }: CommandContext): string[] {
  const paint = (state: ItemState, text: string) => {
    if (state === 'ok') return style.green(text);
    return state === 'error' ? style.red(text) : style.yellow(text);
  };
  const width = Math.max(...items.map(({ title }) => title.length));
  return [
    style.bold(module),
    ...items.map(({ title, state, evidence }) =>
      `  ${paint(state, MARKS[state].padEnd(WIDTH))}  ${title.padEnd(width)}  ${style.dim(evidence.join('; '))}`.trimEnd(),
    ),
    ...exempted.map(
      ({ code, message, reason, expires }) => `  exempt until ${expires}: ${code} ${message} (${reason})`,
    ),
    '',
  ];
}
