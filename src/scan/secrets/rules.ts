// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../../findings/index.ts';
import type { SecretKind } from './kind.ts';

export const allowanceWithoutReason: Rule = {
  code: 'SECRET-ALLOW-REASON',
  title: 'Whoever allows a secret says why',
  level: 'error',
  why: 'In a year nobody knows whether it was harmless.',
  fix: 'Write the reason behind it: slake-allow-secret: <reason>. Without one, nothing is allowed.',
};

export const allowanceUnused: Rule = {
  code: 'SECRET-ALLOW-UNUSED',
  title: 'What allows a secret stands beside one',
  level: 'warning',
  why: 'It would let the next secret of that line pass unseen.',
  fix: 'Remove the comment.',
};

export const baselineStale: Rule = {
  code: 'SECRET-BASELINE-STALE',
  title: 'Every entry of the baseline stands for a secret that is there',
  level: 'advice',
  why: 'An entry that is not needed would let the same value come back.',
  fix: 'npm run security-scan -- --all --update-baseline --reason "removed what is gone"',
};

/** How a kind of secret is told in reports. */
export function ruleOf({ code, title, why, rotate }: SecretKind): Rule {
  return { code, title: `No ${title}`, level: 'error', why, fix: rotate };
}

export const secretRules: readonly Rule[] = [allowanceWithoutReason, allowanceUnused, baselineStale];
