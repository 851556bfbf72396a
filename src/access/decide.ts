// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { conditionHolds, like, type RequestContext, substitute, type Verdict } from './condition.ts';
import type { PolicyDocument, Principal, Statement } from './document.ts';
import { matches } from './pattern.ts';

/** One call of an AWS API, as its permissions see it. */
export interface AccessRequest {
  /** `s3:GetObject` */
  readonly action: string;
  /** ARN; `*` for an action that knows no resources. */
  readonly resource: string;
  readonly context: RequestContext;
}

/** Who calls: a role of an account. */
export interface Caller {
  readonly roleArn: string;
  readonly accountId: string;
}

export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** The policies that count for a call, of caller and resource in one account. */
export interface Policies {
  readonly identity: readonly NamedPolicy[];
  /** The permissions boundary of the role. */
  readonly boundary?: NamedPolicy;
  /** The policy of the resource. That of a key and the trust policy of a role must allow the call in any case. */
  readonly resource?: NamedPolicy & { readonly isRequired: boolean };
}

/** Where a statement stands. */
export interface StatementPlace {
  readonly policy: string;
  /** The Sid, or `statement <n>` from 1. */
  readonly statement: string;
}

export interface Decision {
  readonly effect: 'allow' | 'explicit deny' | 'implicit deny';
  /** The statements that decided: those that allow it, or those that deny it. */
  readonly by: readonly StatementPlace[];
  /** Why it is denied; empty for what is allowed. */
  readonly why: string;
}

/** A statement that fits a request, and how its principal was named. */
interface Fit {
  readonly place: StatementPlace;
  readonly names: 'caller' | 'account';
}

/**
 * Decides a call as IAM does within one account: a deny anywhere wins; then the caller's policies or the resource's must
 * allow it, a boundary as well where there is one. What is not understood never allows and always denies.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 */
export function decide(request: AccessRequest, caller: Caller, policies: Policies): Decision {
  const { identity, boundary, resource } = policies;
  const own = identity.map((policy) => fits(policy, request));
  const limit = boundary ? fits(boundary, request) : undefined;
  const theirs = resource ? fits(resource, request, caller) : { allow: [], deny: [], unclear: [] };
  const all = [...own, ...(limit ? [limit] : []), theirs];
  const { action, resource: arn } = request;

  const denying = all.flatMap(({ deny }) => deny).map(({ place }) => place);
  if (denying.length > 0) {
    const why = `with an explicit deny in ${denying.map(({ policy, statement }) => `${policy} ${statement}`).join(', ')}`;
    return { effect: 'explicit deny', by: denying, why };
  }
  const unclear = all.flatMap((each) => each.unclear);
  const because = unclear.length > 0 ? ` (not understood: ${[...new Set(unclear)].join(', ')})` : '';
  const refuse = (why: string): Decision => ({ effect: 'implicit deny', by: [], why: `${why}${because}` });

  if (limit && limit.allow.length === 0) return refuse(`because no permissions boundary allows the ${action} action`);
  const byCaller = theirs.allow.filter(({ names }) => names === 'caller');
  const byAccount = theirs.allow.filter(({ names }) => names === 'account');
  const byIdentity = own.flatMap(({ allow }) => allow);
  if (resource?.isRequired && byCaller.length + byAccount.length === 0) {
    return refuse(`because no statement of ${resource.name} allows the ${action} action on ${arn}`);
  }
  const deciding = [...byIdentity, ...byCaller];
  if (deciding.length === 0) return refuse(`because no identity-based policy allows the ${action} action`);
  return { effect: 'allow', by: deciding.map(({ place }) => place), why: '' };
}

/** Whether a statement's actions and resources are those of a request, without its conditions. */
export function concerns(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  const named = (patterns: readonly string[]) => patterns.some((text) => matches(text, action, { ignoreCase: true }));
  const meant = (patterns: readonly string[]) =>
    patterns.some((text) => {
      const pattern = substitute(text, context);
      return pattern !== undefined && like(resource, pattern);
    });
  const { actions, notActions, resources, notResources } = statement;
  const isAction = notActions.length > 0 ? !named(notActions) : named(actions);
  if (!isAction) return false;
  // A trust policy names no resource: it is about the role it stands in.
  if (resources.length + notResources.length === 0) return !('Resource' in statement.raw);
  return notResources.length > 0 ? !meant(notResources) : meant(resources);
}

function fits(policy: NamedPolicy, request: AccessRequest, caller?: Caller) {
  const found: { allow: Fit[]; deny: Fit[]; unclear: string[] } = { allow: [], deny: [], unclear: [] };
  for (const statement of policy.document.statements) {
    if (!concerns(statement, request)) continue;
    const names = caller ? namesOf(statement, caller) : 'caller';
    if (!names) continue;
    const verdict = conditionsHold(statement, request.context, found.unclear);
    const place = { policy: policy.name, statement: statement.sid ?? `statement ${statement.index + 1}` };
    if (statement.effect === 'Allow' && verdict === 'true') found.allow.push({ place, names });
    if (statement.effect !== 'Allow' && verdict !== 'false') found.deny.push({ place, names });
  }
  return found;
}

function conditionsHold({ conditions }: Statement, context: RequestContext, unclear: string[]): Verdict {
  const verdicts = conditions.map((condition) => ({ condition, verdict: conditionHolds(condition, context) }));
  if (verdicts.some(({ verdict }) => verdict === 'false')) return 'false';
  const unknown = verdicts.filter(({ verdict }) => verdict === 'unknown');
  unclear.push(...unknown.map(({ condition }) => condition.operator));
  return unknown.length > 0 ? 'unknown' : 'true';
}

function namesOf({ principals, notPrincipals }: Statement, caller: Caller): Fit['names'] | undefined {
  const isNamed = (principal: Principal) => {
    const { type, value } = principal;
    if (type !== '*' && type !== 'AWS') return undefined;
    if (value === '*' || value === caller.roleArn) return 'caller';
    return value === caller.accountId || /^arn:[\w-]+:iam::(\d{12}):root$/.exec(value)?.[1] === caller.accountId
      ? 'account'
      : undefined;
  };
  if (notPrincipals.length > 0) return notPrincipals.some(isNamed) ? undefined : 'caller';
  const found = principals.map(isNamed);
  return found.find((names) => names === 'caller') ?? found.find((names) => names === 'account');
}
