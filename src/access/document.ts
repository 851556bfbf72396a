// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Pattern } from './pattern.ts';

/** What a policy is attached to decides what may stand in it. */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'key' | 'control';

export interface Principal {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser`; `*` where the principal is written as `"*"`. */
  readonly type: string;
  readonly value: Pattern;
}

export interface Condition {
  /** As written: `ForAllValues:StringLikeIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly Pattern[];
}

/** One statement, its lists made lists. What is missing or of the wrong type is an empty list; `raw` has it as written. */
export interface Statement {
  readonly index: number;
  readonly sid?: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly Pattern[];
  readonly notResources: readonly Pattern[];
  readonly principals: readonly Principal[];
  readonly notPrincipals: readonly Principal[];
  readonly conditions: readonly Condition[];
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface PolicyDocument {
  readonly version?: string;
  readonly id?: string;
  readonly statements: readonly Statement[];
  readonly raw: unknown;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Texts of a value that may be one or a list; numbers and booleans, which IAM takes in conditions, become texts. */
export function texts(value: unknown): readonly string[] {
  return [value].flat().flatMap((item) => {
    if (typeof item === 'string') return [item];
    return typeof item === 'number' || typeof item === 'boolean' ? [String(item)] : [];
  });
}

/**
 * Reads a policy document, whose intrinsics are resolved already. Never throws: what is no statement is left out.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function policyDocument(raw: unknown): PolicyDocument {
  if (!isRecord(raw)) return { statements: [], raw };
  const statements = [raw.Statement].flat().filter(isRecord).map(statement);
  return {
    ...(typeof raw.Version === 'string' ? { version: raw.Version } : {}),
    ...(typeof raw.Id === 'string' ? { id: raw.Id } : {}),
    statements,
    raw,
  };
}

function statement(raw: Readonly<Record<string, unknown>>, index: number): Statement {
  return {
    index,
    ...(typeof raw.Sid === 'string' ? { sid: raw.Sid } : {}),
    effect: typeof raw.Effect === 'string' ? raw.Effect : '',
    actions: texts(raw.Action),
    notActions: texts(raw.NotAction),
    resources: texts(raw.Resource),
    notResources: texts(raw.NotResource),
    principals: principals(raw.Principal),
    notPrincipals: principals(raw.NotPrincipal),
    conditions: conditions(raw.Condition),
    raw,
  };
}

function principals(value: unknown): readonly Principal[] {
  if (!isRecord(value)) return texts(value).map((text) => ({ type: '*', value: text }));
  return Object.entries(value).flatMap(([type, values]) => texts(values).map((text) => ({ type, value: text })));
}

function conditions(value: unknown): readonly Condition[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    isRecord(keys) ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) })) : [],
  );
}
