// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { matches, type PolicyHolder, patternText, policyHolders, type Statement } from '../../../access/index.ts';
import type { Finding } from '../../../findings/index.ts';

/** One thing that is allowed or denied. */
interface Access {
  readonly effect: string;
  /** Sid, or the name of a managed policy. */
  readonly sid: string;
  readonly action: string;
  readonly resource: string;
  readonly principal: string;
  readonly conditions: string;
}

export interface Difference {
  readonly findings: readonly Finding[];
  /** How many things are allowed now and were not, and the other way round. */
  readonly added: number;
  readonly gone: number;
}

/**
 * What the templates of a module allow that those of the base do not, one finding for each statement.
 *
 * @param base templates as JSON text
 * @param name of the base, for messages
 */
export function newAccess(templates: readonly string[], base: readonly string[], name: string): Difference {
  const [now, before] = [accessOf(templates), accessOf(base)];
  const findings: Finding[] = [];
  let added = 0;
  let gone = 0;
  for (const [subject, list] of now) {
    const known = before.get(subject) ?? [];
    const fresh = list.filter((access) => access.effect === 'Allow' && !known.some((one) => covers(one, access)));
    added += fresh.length;
    for (const sid of new Set(fresh.map((access) => access.sid))) {
      const own = fresh.filter((access) => access.sid === sid).map(text);
      const message = `${sid}: ${own.join('; ')} ${own.length > 1 ? 'are' : 'is'} new against ${name}`;
      findings.push(finding(subject, message));
    }
  }
  for (const [subject, list] of before) {
    const left = now.get(subject) ?? [];
    const lost = list.filter((access) => !left.some((one) => covers(one, access)));
    gone += lost.filter(({ effect }) => effect === 'Allow').length;
    // Of a role that is gone nobody needs to be kept out.
    for (const access of left.length > 0 ? lost.filter(({ effect }) => effect === 'Deny') : []) {
      findings.push(finding(subject, `${access.sid}: ${text(access)} was denied in ${name} and is not any more`));
    }
  }
  return { findings, added, gone };
}

function finding(subject: string, message: string): Finding {
  return { code: 'NEW_ACCESS', level: 'warning', subject, message };
}

function text({ action, resource, principal }: Access): string {
  const who = principal === '' ? '' : ` for ${patternText(principal)}`;
  return `${action}${resource === '' ? '' : ` on ${patternText(resource)}`}${who}`;
}

/** Whether what is known allows at least as much. */
function covers(known: Access, access: Access): boolean {
  return (
    known.effect === access.effect &&
    matches(known.action, access.action, { ignoreCase: true }) &&
    matches(known.resource, access.resource) &&
    (known.principal === '*' || known.principal === access.principal) &&
    (known.conditions === '' || known.conditions === access.conditions)
  );
}

function accessOf(templates: readonly string[]): ReadonlyMap<string, readonly Access[]> {
  const holders = templates.flatMap((template) => policyHolders(JSON.parse(template)));
  return new Map(holders.map((holder) => [holder.name, ofHolder(holder)]));
}

function ofHolder({ policies, managed }: PolicyHolder): readonly Access[] {
  const statements = policies.flatMap(({ document }) => document.statements.flatMap(ofStatement));
  const plain = { effect: 'Allow', resource: '', principal: '', conditions: '' };
  return [...statements, ...managed.map((arn) => ({ ...plain, sid: 'managed policy', action: patternText(arn) }))];
}

function ofStatement(statement: Statement): readonly Access[] {
  const { effect, sid, index, raw } = statement;
  const all = (list: readonly string[], not: readonly string[]) =>
    list.length > 0 ? list : not.length > 0 ? [`all but ${not.join(', ')}`] : [''];
  const who = (list: Statement['principals']) =>
    list.map(({ type, value }) => (value === '*' ? '*' : `${type} ${value}`));
  const conditions = raw.Condition === undefined ? '' : stable(raw.Condition);
  return all(statement.actions, statement.notActions).flatMap((action) =>
    all(statement.resources, statement.notResources).flatMap((resource) =>
      all(who(statement.principals), who(statement.notPrincipals)).map((principal) => {
        return { effect, sid: sid ?? `statement ${index + 1}`, action, resource, principal, conditions };
      }),
    ),
  );
}

/** JSON in which the order of keys does not count. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
