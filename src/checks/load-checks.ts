// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { type Check, type ChecklistItem, checklistItems } from './check.ts';

const order = Object.keys(checklistItems) as ChecklistItem[];

/** Every check: the files of `rules/`, in the order of the checklist and of their codes. */
export async function loadChecks(): Promise<readonly Check[]> {
  const folder = new URL('rules/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name));
  const checks = await Promise.all(
    files.map(async (file) => ((await import(new URL(file, folder).href)) as { check: Check }).check),
  );
  return checks.toSorted((a, b) => order.indexOf(a.item) - order.indexOf(b.item) || a.code.localeCompare(b.code));
}
