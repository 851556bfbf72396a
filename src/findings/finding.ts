// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What a finding means for whoever waits for the answer: an error must be mended; a warning should be; an advice may
 * be. `not-checked` is none of these: the check could not be made, which is never a pass.
 */
export type Level = 'error' | 'warning' | 'advice' | 'not-checked';

export const levels: readonly Level[] = ['error', 'warning', 'advice', 'not-checked'];

/** Where something was found. */
export interface FindingPlace {
  /** Path of the file, from the root of the project, with slashes. */
  readonly file: string;
  /** From 1; absent where the whole file is meant. */
  readonly line?: number;
  /** From 1, in UTF-16 units. */
  readonly column?: number;
}

/** One kind of finding, as data: reference pages, `--explain` and SARIF are made of it. Codes are permanent. */
export interface Rule {
  /** Upper case letters, digits and hyphens. */
  readonly code: string;
  /** What holds where nothing is found, in a few words: `Every statement has a Sid`. */
  readonly title: string;
  readonly level: Level;
  /** Why it matters. */
  readonly why: string;
  /** How it is checked, so that a reader can do it by hand. */
  readonly how?: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Something a check found. */
export interface Finding {
  readonly code: string;
  readonly level: Level;
  /** What is wrong, with the values that show it; never a secret's value. */
  readonly message: string;
  readonly place?: FindingPlace;
  /** What it is about where that is no file: a module, a role's construct path, a package. */
  readonly subject?: string;
  /** What to do about it here; without it the rule's own advice counts. */
  readonly fix?: string;
}

/** Findings by file, line and column, the worst level first where places are equal. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      (a.subject ?? '').localeCompare(b.subject ?? '') ||
      (a.place?.file ?? '').localeCompare(b.place?.file ?? '') ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
      levels.indexOf(a.level) - levels.indexOf(b.level) ||
      a.code.localeCompare(b.code),
  );
}

/** `file:line:column`, as far as it is known. */
export function placeText({ file, line, column }: FindingPlace): string {
  return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
}

/** How many findings there are of each level. */
export function countLevels(findings: readonly Finding[]): Readonly<Record<Level, number>> {
  const counts = { error: 0, warning: 0, advice: 0, 'not-checked': 0 };
  for (const { level } of findings) counts[level] += 1;
  return counts;
}
