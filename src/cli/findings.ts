// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { nearest } from '../config/nearest.ts';
import { ruleUnknown } from '../errors/checks.ts';
import { badArguments } from '../errors/cli.ts';
import { Failure } from '../errors/failure.ts';
import {
  countLevels,
  githubLines,
  type Report,
  type Rule,
  reportObject,
  sarifObject,
  summaryText,
  textLines,
} from '../findings/index.ts';
import { type CommandContext, type ExitCode, type Option, textOption } from './command.ts';
import type { Output } from './output.ts';

const FORMATS = ['text', 'sarif', 'github'] as const;

/** The options of every command whose result is findings; `--json` is every command's. */
export const findingOptions: Readonly<Record<string, Option>> = {
  format: { type: 'string', value: '<form>', description: `One of ${FORMATS.join(', ')} (default: text)` },
  strict: { type: 'boolean', description: 'Warnings too give exit code 1, and what was not checked exit code 2' },
};

/**
 * Prints findings in the form that was asked for, with the lines of `summary` behind them where a person reads, and
 * gives the exit code: 1 for errors (with --strict for warnings too), 2 for what --strict does not let go unchecked.
 */
export function printFindings(
  { values, output }: Pick<CommandContext, 'values' | 'output'>,
  report: Report,
  /** More of the result: members of the JSON, and lines for a person. */
  more: { readonly json?: object; readonly lines?: readonly string[] } = {},
): ExitCode {
  const format = formatOf(report.tool, textOption(values, 'format'));
  if (output.json) output.object({ ...reportObject(report), ...more.json });
  else if (format === 'sarif') output.line(JSON.stringify(sarifObject(report), null, 2));
  else if (format === 'github') for (const line of githubLines(report)) output.line(line);
  else {
    for (const line of textLines(report, output.style)) output.line(line);
    if (report.findings.length > 0) output.line();
    for (const line of more.lines ?? []) output.line(line);
    output.line(summaryText(report.findings));
  }
  const counts = countLevels(report.findings);
  if (values.strict && counts['not-checked'] > 0) return 2;
  return counts.error > 0 || (values.strict && counts.warning > 0) ? 1 : 0;
}

function formatOf(command: string, text: string | undefined): (typeof FORMATS)[number] {
  const format = FORMATS.find((known) => known === (text ?? 'text'));
  if (format) return format;
  throw new Failure(badArguments, { command, why: `--format takes one of ${FORMATS.join(', ')} (is ${text})` });
}

/** Shows a rule: why it is, how it is checked, what to do. Throws SLK-CHECKS-002 where there is none of that code. */
export function explainRule(output: Output, rules: readonly Rule[], code: string): 0 {
  const rule = rules.find((candidate) => candidate.code === code.toUpperCase());
  if (!rule) {
    const known = rules.map((candidate) => candidate.code);
    throw new Failure(ruleUnknown, { code, nearest: nearest(code.toUpperCase(), known) });
  }
  const { title, level, why, how, fix } = rule;
  output.object({ code: rule.code, title, level, why, how, fix });
  output.line(`${output.style.bold(rule.code)}  ${title}`);
  output.line(`level  ${level}`);
  output.line(`why    ${why}`);
  if (how) output.line(`how    ${how}`);
  output.line(`fix    ${fix}`);
  return 0;
}
