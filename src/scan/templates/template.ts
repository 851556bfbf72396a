// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { valueAt as valueAtPath } from '../../config/value.ts';

/** A value of a template by its path, undefined where it is not there. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return valueAtPath(value, path);
}

/** The value as a list: CloudFormation and IAM take one for many. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A statement of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Condition?: unknown;
}

export function statementsOf(policy: unknown): readonly Statement[] {
  return listOf(valueAt(policy, 'Statement')) as readonly Statement[];
}
