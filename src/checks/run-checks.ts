// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { relative, sep } from 'node:path';
import { counted } from '../errors/counted.ts';
import { Failure } from '../errors/failure.ts';
import type { Finding, Level } from '../findings/index.ts';
import type { Check, ChecklistItem, Flaw, Outcome } from './check.ts';
import { checklistItems } from './check.ts';
import { type Exemption, notNeeded, readExemptions } from './exemptions.ts';
import type { ResultCache } from './result-cache.ts';
import type { Subject } from './subject.ts';

/** How one item of the checklist came out; `exempt`: all that was found is exempted. */
export type ItemState = 'ok' | 'exempt' | Level;

/** One item of the checklist for one module. */
export interface ItemResult {
  readonly item: ChecklistItem;
  readonly title: string;
  readonly state: ItemState;
  /** What was looked at, one text a check. */
  readonly evidence: readonly string[];
}

/** What the checklist says of one module. */
export interface ModuleResult {
  readonly module: string;
  readonly items: readonly ItemResult[];
  /** Without what is exempted. */
  readonly findings: readonly Finding[];
  readonly exempted: readonly (Finding & { readonly reason: string; readonly expires: string })[];
}

export interface RunOptions {
  readonly checks: readonly Check[];
  readonly cache?: ResultCache;
  /** UTC day, `YYYY-MM-DD`, against which exemptions expire. */
  readonly today: string;
  /** Told which checks are running whenever that changes, and at the end how many have run. */
  readonly say?: (detail: string) => void;
}

/** Runs the checks on a module, two at a time; a check that breaks is a finding, never the end of the others. */
export async function runChecks(subject: Subject, options: RunOptions): Promise<ModuleResult> {
  const { checks, cache, today, say } = options;
  const outcomes = new Map<Check, Outcome>();
  const waiting = [...checks];
  const running = new Set<Check>();
  const tell = () => say?.([...running].map(({ title }) => title).join('; '));
  async function work(): Promise<void> {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      subject.signal.throwIfAborted();
      running.add(check);
      tell();
      const outcome = cache?.get(check.code) ?? (await outcomeOf(check, subject));
      cache?.set(check.code, outcome);
      outcomes.set(check, outcome);
      running.delete(check);
      tell();
    }
  }
  await Promise.all([work(), work()]);
  say?.(counted(checks.length, 'check'));
  cache?.save();

  const { exemptions, findings: exemptionFindings } = readExemptions(subject, checks, today);
  const all = checks.flatMap((check) => findingsOf(check, outcomes.get(check)));
  const findings = [
    ...all.filter(({ code, level }) => level === 'not-checked' || !exemptionFor(exemptions, code)),
    ...exemptionFindings,
    ...exemptions.filter(({ code }) => isFollowed(code, checks, outcomes)).map(notNeeded),
  ];
  const exempted = all.flatMap((finding) => {
    const exemption = finding.level === 'not-checked' ? undefined : exemptionFor(exemptions, finding.code);
    return exemption ? [{ ...finding, reason: exemption.reason, expires: exemption.expires }] : [];
  });
  const at = relative(subject.root, subject.folder).split(sep).join('/');
  const placed = <F extends Finding>(finding: F): F => ({
    ...finding,
    subject: subject.id,
    ...(finding.place ? { place: { ...finding.place, file: `${at}/${finding.place.file}` } } : {}),
  });
  return {
    module: subject.id,
    items: itemsOf(checks, outcomes, findings, exempted),
    findings: findings.map(placed),
    exempted: exempted.map(placed),
  };
}

async function outcomeOf(check: Check, subject: Subject): Promise<Outcome> {
  try {
    return await check.run(subject);
  } catch (error) {
    subject.signal.throwIfAborted();
    const what = error instanceof Failure ? `${error.message} (${error.code})` : firstLine(error);
    return { notChecked: `the check itself failed: ${what}` };
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function findingsOf({ code, level }: Check, outcome: Outcome | undefined): Finding[] {
  if (outcome === undefined) return [];
  if ('notChecked' in outcome) return [{ code, level: 'not-checked', message: outcome.notChecked }];
  return outcome.flaws.map((flaw) => findingOf(flaw, code, level));
}

function findingOf({ file, line, column, ...flaw }: Flaw, code: string, level: Level): Finding {
  const position = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return { code, level, ...flaw, ...(file === undefined ? {} : { place: { file, ...position } }) };
}

function exemptionFor(exemptions: readonly Exemption[], code: string): Exemption | undefined {
  return exemptions.find((exemption) => exemption.code === code);
}

function isFollowed(code: string, checks: readonly Check[], outcomes: ReadonlyMap<Check, Outcome>): boolean {
  const check = checks.find((candidate) => candidate.code === code);
  const outcome = check && outcomes.get(check);
  return outcome !== undefined && 'flaws' in outcome && outcome.flaws.length === 0;
}

const WORST: readonly Level[] = ['error', 'not-checked', 'warning', 'advice'];

function itemsOf(
  checks: readonly Check[],
  outcomes: ReadonlyMap<Check, Outcome>,
  findings: readonly Finding[],
  exempted: readonly Finding[],
): ItemResult[] {
  return (Object.entries(checklistItems) as [ChecklistItem, string][]).flatMap(([item, title]) => {
    const own = checks.filter((check) => check.item === item);
    if (own.length === 0) return [];
    const codes = new Set(own.map(({ code }) => code));
    const found = findings.filter(({ code }) => codes.has(code));
    const isExempt = exempted.some(({ code }) => codes.has(code));
    const state =
      WORST.find((level) => found.some((finding) => finding.level === level)) ?? (isExempt ? 'exempt' : 'ok');
    const evidence = own.flatMap((check) => {
      const outcome = outcomes.get(check);
      return outcome === undefined
        ? []
        : ['evidence' in outcome ? outcome.evidence : `not checked: ${outcome.notChecked}`];
    });
    return [{ item, title, state, evidence }];
  });
}
