// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../findings/index.ts';
import type { Subject } from './subject.ts';

/** The items of the packaging guide's checklist, and those that a module folder needs beside them, in their order. */
export const checklistItems = {
  files: 'Required files present',
  interface: 'Implements IIntegrationModule interface',
  config: 'Config validation with clear error messages',
  iam: 'IAM permissions follow least privilege',
  errors: 'Lambda code includes error handling',
  powertools: 'AWS Powertools used for logging/tracing',
  tests: 'Unit tests with >80% coverage',
  local: 'Local testing script provided',
  readme: 'README documents configuration',
  emotes: 'NO emotes in code or documentation',
  headers: 'Copyright headers in all files',
  registry: 'Module registered in registry',
  mappings: 'Mappings proven by samples',
  changelog: 'Version and changelog agree',
  requirements: 'Dependencies pinned and installable',
  secrets: 'No secrets and no dangerous code',
} as const;

export type ChecklistItem = keyof typeof checklistItems;

/** Something wrong in the module; the rule gives code, level and advice where the finding itself does not. */
export interface Flaw {
  readonly message: string;
  /** Path from the module's folder. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly level?: Rule['level'];
  readonly fix?: string;
}

/** What a check saw: flaws, with what it looked at as evidence; or why it could not look. */
export type Outcome = { readonly flaws: readonly Flaw[]; readonly evidence: string } | { readonly notChecked: string };

/** One rule of the checklist and how it is proven: a file of `rules/` exports it as `check`. */
export interface Check extends Rule {
  readonly item: ChecklistItem;
  /** A module cannot exempt itself from it. */
  readonly strict?: boolean;
  readonly run: (subject: Subject) => Outcome | Promise<Outcome>;
  /** Mends what is mechanical and returns the files it wrote, from the module's folder. */
  readonly mend?: (subject: Subject) => readonly string[];
}

export function defineCheck(check: Check): Check {
  return check;
}

/** The outcome of a check that depends on the module being loaded: a module that does not load is told of once. */
export const doesNotLoad: Outcome = { notChecked: 'the module does not load' };
