// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { alarmsReachNobody, productionDemand } from '../errors/config.ts';
import { type Finding, finding, type KeyPath } from './problem.ts';
import { shown } from './secret.ts';
import { valueAt } from './value.ts';

/** A key that may hold one value only where `environment` is prod; left out, it holds that value by default. */
export interface ProductionRule {
  readonly path: KeyPath;
  readonly demands: string | boolean;
  readonly why: string;
}

export const productionRules: readonly ProductionRule[] = [
  {
    path: ['encryption'],
    demands: 'CUSTOMER_MANAGED_CMK',
    why: 'the use of a key that AWS owns can be neither restricted nor audited',
  },
  {
    path: ['terminationProtection'],
    demands: true,
    why: 'a stack deleted by mistake takes its queues and checkpoints with it',
  },
  {
    path: ['monitoring', 'alarms', 'enabled'],
    demands: true,
    why: 'a source that falls silent would look like a quiet day',
  },
];

/** Findings about keys that depend on each other, from the data as written (it need not be valid otherwise). */
export function ruleFindings(data: unknown): Finding[] {
  if (valueAt(data, ['environment']) !== 'prod') return [];
  const findings = productionRules.flatMap(({ path, demands, why }) => {
    const value = valueAt(data, path);
    if (value === undefined || value === demands) return [];
    return [finding(productionDemand, path, { demanded: String(demands), actual: `is ${shown(path, value)}`, why })];
  });
  const emails = valueAt(data, ['monitoring', 'alarms', 'emails']);
  if (emails === undefined || (Array.isArray(emails) && emails.length === 0)) {
    findings.push(finding(alarmsReachNobody, ['monitoring', 'alarms', 'emails'], {}, 'warning'));
  }
  return findings;
}
