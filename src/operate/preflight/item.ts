// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Finding, Rule } from '../../findings/index.ts';

/** The items of the pre-deployment checklist, in the order in which they are looked at. */
export const preflightItems = {
  configuration: 'Configuration validated',
  account: 'Credentials are of the account that is deployed to',
  secrets: 'Secrets configured in Secrets Manager',
  lake: 'Security Lake S3 bucket exists',
  iam: 'IAM permissions reviewed',
  scan: 'Security scan clean',
  documentation: 'Documentation complete',
  modules: 'Modules pass the packaging checklist',
  tests: 'All tests pass',
} as const;

export type PreflightItem = keyof typeof preflightItems;

/** Evidence for an item, or that it could not be had. */
export interface Outcome {
  readonly state: 'ok' | 'failed' | 'not-checked';
  /** What was looked at and seen, or why nothing could be; never empty. */
  readonly evidence: readonly string[];
  /** What to do about it here; without it the advice of the item's rule counts. */
  readonly fix?: string;
}

export const stateWords: Readonly<Record<Outcome['state'], string>> = {
  ok: 'fine',
  failed: 'failed',
  'not-checked': 'not checked',
};

export interface ItemResult extends Outcome {
  readonly item: PreflightItem;
  readonly title: string;
}

export function notChecked(...evidence: readonly string[]): Outcome {
  return { state: 'not-checked', evidence };
}

const advice: Readonly<Record<PreflightItem, { readonly why: string; readonly fix: string }>> = {
  configuration: {
    why: 'A deployment would stop at the first problem, or do what nobody meant.',
    fix: 'See "npm run validate-config -- --config <file>".',
  },
  account: {
    why: 'A deployment into the wrong account collects events where nobody looks for them.',
    fix: 'Use credentials of the account, or correct accountId.',
  },
  secrets: {
    why: 'A processor without its secret fails from its first run on.',
    fix: 'Make the secret: npm run configure-secrets -- --module <module> --config <file>',
  },
  lake: {
    why: 'A custom source can be registered only where Security Lake is enabled.',
    fix: 'Enable Security Lake in the Region, or correct securityLake.s3Bucket and awsRegion.',
  },
  iam: {
    why: 'What a role may do beyond its task is what an attacker may do.',
    fix: 'See "npm run iam-analyzer -- --all"; "cdk diff --security-only" shows what a deployment changes.',
  },
  scan: {
    why: 'A secret that is deployed is known to all who read the template.',
    fix: 'See "npm run security-scan -- --all" and "npm run audit".',
  },
  documentation: {
    why: 'Who is called at night has nothing but the documentation.',
    fix: 'Run "npm run generate", then see "npm run module-checklist -- --module <id>".',
  },
  modules: {
    why: 'The checklist stands for what a deployed module will need.',
    fix: 'See "npm run module-checklist -- --module <id>".',
  },
  tests: { why: 'What fails here fails there.', fix: 'See "npm test".' },
};

function codeOf(item: PreflightItem): string {
  return `PRE-${item.toUpperCase()}-001`;
}

export const preflightRules: readonly Rule[] = Object.entries(preflightItems).map(([item, title]) => ({
  code: codeOf(item as PreflightItem),
  title,
  level: 'error',
  ...advice[item as PreflightItem],
}));

const LOOK = 'Mend the reason and run it again, or look by hand before you deploy.';

/** What an item that is not fine is as a finding. */
export function findingOf({ item, title, state, evidence, fix }: ItemResult): Finding | undefined {
  if (state === 'ok') return undefined;
  const message = `${title}: ${evidence.join('; ')}`;
  if (state === 'not-checked') return { code: codeOf(item), level: 'not-checked', message, fix: LOOK };
  return { code: codeOf(item), level: 'error', message, ...(fix === undefined ? {} : { fix }) };
}
