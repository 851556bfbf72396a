// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { alarmsReachNobody, deadLettersForgotten, productionDemand, withoutEffect } from '../errors/config.ts';
import { type Finding, finding, type KeyPath, renderPath } from './problem.ts';
import { shown } from './secret.ts';
import { type Shape, shapeAt } from './shape.ts';
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

/** Keys that count only while another one has not got a certain value. */
interface Dependence {
  readonly paths: readonly KeyPath[];
  readonly on: KeyPath;
  readonly not: string | boolean;
}

const alarms = ['monitoring', 'alarms'] as const;
const dependences: readonly Dependence[] = [
  { paths: ['rotationDays', 'pendingWindowDays'].map((key) => ['kms', key]), on: ['encryption'], not: 'AWS_OWNED_CMK' },
  {
    paths: ['deadLetters', 'rejectedEvents', 'oldestPointerMinutes'].map((key) => [...alarms, key]),
    on: [...alarms, 'enabled'],
    not: false,
  },
];

/** What the configuration takes where nothing is written. */
const queueDefaults = { queueRetentionDays: 4, deadLetterRetentionDays: 14 };

/** Findings about keys that depend on each other, from the data as written (it need not be valid otherwise). */
export function ruleFindings(data: unknown, shape: Shape): Finding[] {
  return [...productionFindings(data), ...retentionFindings(data), ...dependenceFindings(data, shape)];
}

/** A value that is the default says nothing: the example writes them all. */
function dependenceFindings(data: unknown, shape: Shape): Finding[] {
  return dependences
    .filter(({ on, not }) => valueAt(data, on) === not)
    .flatMap(({ paths, on, not }) => {
      const because = `${renderPath(on)} is ${not}`;
      return paths
        .filter((path) => ![undefined, shapeAt(shape, path)?.default].includes(valueAt(data, path)))
        .map((path) => finding(withoutEffect, path, { because }, 'warning'));
    });
}

function retentionFindings(data: unknown): Finding[] {
  const days = (key: keyof typeof queueDefaults) => valueAt(data, ['pipeline', key]) ?? queueDefaults[key];
  const [queueDays, deadLetterDays] = [days('queueRetentionDays'), days('deadLetterRetentionDays')];
  if (typeof queueDays !== 'number' || typeof deadLetterDays !== 'number' || deadLetterDays > queueDays) return [];
  return [finding(deadLettersForgotten, ['pipeline', 'deadLetterRetentionDays'], { queueDays })];
}

function productionFindings(data: unknown): Finding[] {
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
