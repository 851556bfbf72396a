// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import { type Answer, type Ask, outcomeOfFindings, together } from './answer.ts';
import { notChecked, type Outcome } from './item.ts';

/** Items of the module checklist that are about what people read. */
const DOCUMENTATION: readonly string[] = ['readme', 'changelog', 'headers', 'emotes'];

export async function configurationItem(ask: Ask, file: string): Promise<Outcome> {
  const answer = await ask('validate-config', '--config', file);
  const outcome = outcomeOfFindings('validate-config', answer);
  if (outcome.state !== 'ok' || 'notRun' in answer || answer.report.fragment !== true) return outcome;
  return { state: 'failed', evidence: ['the file is a piece of a configuration: it holds integrations alone'] };
}

export async function iamItem(ask: Ask, file: string): Promise<Outcome> {
  return outcomeOfFindings('iam-analyzer', await ask('iam-analyzer', '--all', '--config', file));
}

export async function scanItem(ask: Ask, file: string): Promise<Outcome> {
  return together(
    outcomeOfFindings('security-scan', await ask('security-scan', '--all', '--config', file)),
    outcomeOfFindings('audit', await ask('audit')),
  );
}

/** The checklist of each module, asked once for both items that stand on it. */
export async function checklistOf(ask: Ask, modules: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  for (const id of modules) answers.set(id, await ask('module-checklist', '--module', id));
  return answers;
}

export async function documentationItem(ask: Ask, checklist: ReadonlyMap<string, Answer>): Promise<Outcome> {
  return together(generatedPages(await ask('generate', '--check')), ...checklistOutcomes(checklist, isDocumentation));
}

export function modulesItem(checklist: ReadonlyMap<string, Answer>): Outcome {
  if (checklist.size === 0) return { state: 'ok', evidence: ['no module is configured'] };
  return together(...checklistOutcomes(checklist, (item) => !isDocumentation(item)));
}

export async function testsItem(ask: Ask): Promise<Outcome> {
  const answer = await ask('test');
  if ('notRun' in answer) return notChecked(answer.notRun);
  const { suites } = answer.report;
  if (!Array.isArray(suites) || suites.length === 0) return notChecked('test gave no list of suites');
  const failed = (suites as readonly { readonly title?: unknown; readonly passed?: unknown }[]).filter(
    ({ passed }) => passed !== true,
  );
  if (failed.length === 0) return { state: 'ok', evidence: [`${counted(suites.length, 'suite')} passed`] };
  return { state: 'failed', evidence: failed.map(({ title }) => `failed: ${title}`) };
}

function generatedPages(answer: Answer): Outcome {
  if ('notRun' in answer) return notChecked(answer.notRun);
  const { stale, files } = answer.report;
  if (!Array.isArray(stale)) return notChecked('generate gave no list of files');
  if (stale.length > 0) return { state: 'failed', evidence: [`stale: ${stale.join(', ')}`] };
  return { state: 'ok', evidence: [`all ${files} generated files are fresh`] };
}

function isDocumentation(item: string): boolean {
  return DOCUMENTATION.includes(item);
}

interface ChecklistItem {
  readonly item: string;
  readonly title: string;
  readonly state: string;
}

function checklistOutcomes(checklist: ReadonlyMap<string, Answer>, isMeant: (item: string) => boolean): Outcome[] {
  return [...checklist].map(([id, answer]) => {
    if ('notRun' in answer) return notChecked(answer.notRun);
    const [module] = (answer.report.modules ?? []) as readonly { readonly items?: readonly ChecklistItem[] }[];
    if (!module?.items) return notChecked(`module-checklist gave no result for ${id}`);
    const items = module.items.filter(({ item }) => isMeant(item));
    const titles = (state: string) => items.filter((item) => item.state === state).map(({ title }) => title);
    const failed = titles('error');
    if (failed.length > 0) return { state: 'failed', evidence: [`${id} fails: ${failed.join(', ')}`] };
    const unchecked = titles('not-checked');
    if (unchecked.length > 0) return notChecked(`${id}: ${unchecked.join(', ')}`);
    return { state: 'ok', evidence: [`${id}: ${counted(items.length, 'item holds', 'items hold')}`] };
  });
}
