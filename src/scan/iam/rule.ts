// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { PolicyDocument, PolicyKind, Statement } from '../../access/index.ts';
import type { Level, Rule } from '../../findings/index.ts';
import type { Catalog } from './catalog.ts';

/** Something a rule objects to. */
export interface Objection {
  readonly message: string;
  /** What an acknowledgement names beside the statement's Sid. */
  readonly value?: string;
  readonly statement?: Statement;
  readonly level?: Level;
}

/** One policy, or all policies of a role, as a rule sees them. */
export interface Subject {
  readonly kind: PolicyKind;
  readonly document: PolicyDocument;
  readonly catalog: Catalog;
  /** Statements of all policies of the same role, this document's among them. */
  readonly together: readonly Statement[];
}

/** A rule on policies, as a value. */
export interface PolicyRule extends Rule {
  readonly check: (subject: Subject) => Iterable<Objection>;
}

/** A rule that looks at one statement at a time. */
export function statementRule(
  rule: Omit<PolicyRule, 'check'> & {
    readonly on?: 'allow';
    readonly each: (statement: Statement, subject: Subject) => Iterable<string | Objection>;
  },
): PolicyRule {
  const { on, each, ...rest } = rule;
  return {
    ...rest,
    *check(subject) {
      for (const statement of subject.document.statements) {
        if (on === 'allow' && (statement.effect !== 'Allow' || subject.kind === 'control')) continue;
        for (const found of each(statement, subject)) {
          yield { statement, ...(typeof found === 'string' ? { message: found } : found) };
        }
      }
    },
  };
}
