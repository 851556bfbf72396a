// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import { notChecked, type Outcome } from './item.ts';

/** What a command of ours said with `--json`, or why it said nothing. */
export type Answer = { readonly report: Readonly<Record<string, unknown>> } | { readonly notRun: string };

/** Runs a command of ours, `--json` included, and returns its answer. */
export type Ask = (command: string, ...args: readonly string[]) => Promise<Answer>;

const SHOWN = 3;

/** The answer in the standard output and exit code of a command; only 0 and 1 mean that it has run. */
export function readAnswer(command: string, exitCode: number | null, stdout: string): Answer {
  const report = parsed(stdout);
  const failure = report?.error as { readonly message?: unknown } | undefined;
  if (failure !== undefined) return { notRun: `${command}: ${failure.message ?? 'failed'}` };
  if (report === undefined) return { notRun: `${command} gave no result (exit code ${exitCode ?? 'none, killed'})` };
  if (exitCode !== 0 && exitCode !== 1 && !('counts' in report)) {
    return { notRun: `${command} could not run (exit code ${exitCode ?? 'none, killed'})` };
  }
  return { report };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The outcome of a command whose result is findings. Only errors fail; what it could not check is not passed over. */
export function outcomeOfFindings(command: string, answer: Answer): Outcome {
  if ('notRun' in answer) return notChecked(answer.notRun);
  const found = answer.report.findings;
  if (!Array.isArray(found)) return notChecked(`${command} gave no list of findings`);
  const findings = found as readonly { readonly level?: unknown; readonly message?: unknown }[];
  const of = (level: string) => findings.filter((finding) => finding.level === level);
  const errors = of('error');
  if (errors.length > 0)
    return { state: 'failed', evidence: [`${command}: ${counted(errors.length, 'error')}: ${shown(errors)}`] };
  const unchecked = of('not-checked');
  if (unchecked.length > 0) return notChecked(`${command}: ${unchecked.length} not checked: ${shown(unchecked)}`);
  const others = findings.length;
  return { state: 'ok', evidence: [`${command}: ${others === 0 ? 'nothing found' : `no errors, ${others} other`}`] };
}

function shown(findings: readonly { readonly message?: unknown }[]): string {
  const first = findings.slice(0, SHOWN).map(({ message }) => String(message).split('\n')[0]);
  return `${first.join('; ')}${findings.length > SHOWN ? '; ...' : ''}`;
}

/** The outcome of several together: failed where one is, else not checked where one is. */
export function together(...outcomes: readonly Outcome[]): Outcome {
  const evidence = outcomes.flatMap((outcome) => outcome.evidence);
  const has = (state: Outcome['state']) => outcomes.some((outcome) => outcome.state === state);
  const fix = outcomes.find((outcome) => outcome.fix !== undefined)?.fix;
  const state = has('failed') ? 'failed' : has('not-checked') ? 'not-checked' : 'ok';
  return { state, evidence, ...(fix === undefined ? {} : { fix }) };
}
