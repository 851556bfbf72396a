// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type Decision, decide, type NamedPolicy, type Statement } from '../../access/index.ts';
import type { Maker, NotUnderstood, RecordedCall } from './guard.ts';

/** The least that can be taken from a role: one action on one resource, as a statement of its policies grants it. */
export interface Grant {
  readonly policy: string;
  /** The Sid, or `statement <n>` from 1. */
  readonly statement: string;
  /** Pattern of the policy; `not ...` of a NotAction, which is only taken as a whole. */
  readonly action: string;
  readonly resource: string;
}

/** A grant with the scenarios that fail without it. */
export interface GrantProof extends Grant {
  readonly neededBy: readonly string[];
  /** Statements that allow the same calls, where no scenario needs it though it was used. */
  readonly alsoAllowedBy: readonly string[];
  /** Whether any call was allowed by it. */
  readonly isUsed: boolean;
  /** What is known of a grant that no scenario used. */
  readonly why?: string;
}

/** Equal calls of a role. */
export interface CallProof {
  readonly operation: string;
  readonly action: string;
  /** As the grant names it. */
  readonly resource: string;
  /** One of the resources that were really meant. */
  readonly example: string;
  readonly maker: Maker;
  readonly count: number;
  readonly statements: readonly string[];
  readonly scenarios: readonly string[];
}

export interface DeniedCall {
  readonly scenario: string;
  readonly operation: string;
  readonly action: string;
  readonly resource: string;
  readonly maker: Maker;
  readonly count: number;
  readonly effect: Decision['effect'];
  readonly why: string;
}

/** What the scenarios say of one role, in both directions. */
export interface RoleProof {
  readonly roleArn: string;
  readonly calls: readonly CallProof[];
  readonly denied: readonly DeniedCall[];
  readonly notUnderstood: readonly NotUnderstood[];
  readonly grants: readonly GrantProof[];
}

/**
 * Proves the grants of each role that made a call: the recorded calls are decided again without each grant in turn, and
 * those that are denied then say which scenario needs it.
 */
export function proveRoles(calls: readonly RecordedCall[], notUnderstood: readonly NotUnderstood[]): RoleProof[] {
  const roles = new Set([...calls, ...notUnderstood].map(({ roleArn }) => roleArn));
  return [...roles].map((roleArn) => {
    const own = distinct(calls.filter((call) => call.roleArn === roleArn));
    const unclear = notUnderstood.filter((call) => call.roleArn === roleArn);
    return proveRole(roleArn, own, unclear);
  });
}

/** Every grant of some policies. */
export function grantsOf(policies: readonly NamedPolicy[]): Grant[] {
  return policies.flatMap(({ name, document }) =>
    document.statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap((statement) => {
        const place = { policy: name, statement: sidOf(statement) };
        const { actions, notActions, resources, notResources } = statement;
        if (notActions.length + notResources.length > 0) {
          const action = notActions.length > 0 ? `not ${notActions.join(', not ')}` : actions.join(', ');
          const resource = notResources.length > 0 ? `not ${notResources.join(', not ')}` : resources.join(', ');
          return [{ ...place, action, resource }];
        }
        return actions.flatMap((action) => resources.map((resource) => ({ ...place, action, resource })));
      }),
  );
}

/** Policies with one grant less; everything else they allow stays. */
export function withoutGrant(policies: readonly NamedPolicy[], grant: Grant): NamedPolicy[] {
  return rewritten(policies, grant, (statement) => {
    const { actions, resources } = statement;
    const [fewer, others] = [except(actions, grant.action), except(resources, grant.resource)];
    return [
      ...(fewer.length > 0 ? [{ ...statement, actions: fewer }] : []),
      ...(others.length > 0 ? [{ ...statement, actions: [grant.action], resources: others }] : []),
    ];
  });
}

/** Policies that hold one grant and their denies. */
function onlyGrant(policies: readonly NamedPolicy[], grant: Grant): NamedPolicy[] {
  const denying = policies.map(({ name, document }) => ({
    name,
    document: { ...document, statements: document.statements.filter(({ effect }) => effect !== 'Allow') },
  }));
  const granting = policies.flatMap(({ name, document }) =>
    document.statements
      .filter((statement) => isOf(name, statement, grant))
      .map((statement) => ({
        name,
        document: {
          ...document,
          statements: [
            isWhole(statement) ? statement : { ...statement, actions: [grant.action], resources: [grant.resource] },
          ],
        },
      })),
  );
  return [...denying, ...granting];
}

function rewritten(
  policies: readonly NamedPolicy[],
  grant: Grant,
  change: (statement: Statement) => readonly Statement[],
): NamedPolicy[] {
  return policies.map(({ name, document }) => ({
    name,
    document: {
      ...document,
      statements: document.statements.flatMap((statement) => {
        if (!isOf(name, statement, grant)) return [statement];
        return isWhole(statement) ? [] : change(statement);
      }),
    },
  }));
}

function isOf(policy: string, statement: Statement, grant: Grant): boolean {
  return policy === grant.policy && statement.effect === 'Allow' && sidOf(statement) === grant.statement;
}

function isWhole({ notActions, notResources }: Statement): boolean {
  return notActions.length + notResources.length > 0;
}

function except(texts: readonly string[], text: string): readonly string[] {
  return texts.filter((each) => each !== text);
}

function sidOf({ sid, index }: Statement): string {
  return sid ?? `statement ${index + 1}`;
}

type CountedCall = RecordedCall & { readonly count: number };

/** Calls that are decided alike, once, with how often they were made. */
function distinct(calls: readonly RecordedCall[]): CountedCall[] {
  const found = new Map<string, CountedCall>();
  for (const call of calls) {
    const { scenario, operation, maker, request, decision } = call;
    const { 'aws:CurrentTime': _, 'aws:EpochTime': __, ...context } = request.context;
    const name = JSON.stringify([scenario, operation, maker, request.action, request.resource, context, decision]);
    found.set(name, { ...call, count: (found.get(name)?.count ?? 0) + 1 });
  }
  return [...found.values()];
}

function proveRole(roleArn: string, calls: readonly CountedCall[], notUnderstood: readonly NotUnderstood[]): RoleProof {
  const identity = calls.at(-1)?.policies.identity ?? [];
  const accountId = roleArn.split(':')[4] ?? '';
  const grants = grantsOf(identity);
  const isAllowed = (call: RecordedCall, policies: readonly NamedPolicy[]) =>
    decide(call.request, { roleArn, accountId }, { ...call.policies, identity: policies }).effect === 'allow';
  const allowed = calls.filter(({ decision }) => decision.effect === 'allow');
  const usedFor = new Map(
    grants.map((grant) => [grant, allowed.filter((call) => isAllowed(call, onlyGrant(identity, grant)))]),
  );
  return {
    roleArn,
    calls: grouped(allowed, usedFor),
    denied: calls.filter(({ decision }) => decision.effect !== 'allow').map(deniedCall),
    notUnderstood,
    grants: grants.map((grant) => {
      const users = usedFor.get(grant) ?? [];
      const needing = users.filter((call) => !isAllowed(call, withoutGrant(identity, grant)));
      const also = users.flatMap((call) => call.decision.by.map(({ statement }) => statement));
      const why = users.length === 0 ? whyUnused(grant, identity) : undefined;
      return {
        ...grant,
        isUsed: users.length > 0,
        neededBy: unique(needing.map(({ scenario }) => scenario)),
        alsoAllowedBy: needing.length > 0 ? [] : unique(also),
        ...(why === undefined ? {} : { why }),
      };
    }),
  };
}

function grouped(calls: readonly CountedCall[], usedFor: ReadonlyMap<Grant, readonly CountedCall[]>): CallProof[] {
  const found = new Map<string, CallProof>();
  for (const call of calls) {
    const grant = [...usedFor].find(([, users]) => users.includes(call))?.[0];
    const { operation, maker, request, decision, scenario, count } = call;
    const resource = grant?.resource ?? request.resource;
    const name = JSON.stringify([operation, maker, request.action, resource]);
    const known = found.get(name);
    found.set(name, {
      operation,
      maker,
      action: request.action,
      resource,
      example: known?.example ?? request.resource,
      count: (known?.count ?? 0) + count,
      statements: unique([...(known?.statements ?? []), ...decision.by.map(({ statement }) => statement)]),
      scenarios: unique([...(known?.scenarios ?? []), scenario]),
    });
  }
  return [...found.values()];
}

function deniedCall({ scenario, operation, request, maker, decision, count }: CountedCall): DeniedCall {
  const { action, resource } = request;
  return { scenario, operation, action, resource, maker, count, effect: decision.effect, why: decision.why };
}

/** Reasons why a grant may be needed although nothing on this machine can use it. */
function whyUnused(grant: Grant, policies: readonly NamedPolicy[]): string | undefined {
  const statement = policies
    .find(({ name }) => name === grant.policy)
    ?.document.statements.find((each) => isOf(grant.policy, each, grant));
  const valuesOf = (key: string) =>
    (statement?.conditions ?? []).filter((condition) => condition.key === key).flatMap(({ values }) => values);
  const [service] = valuesOf('aws:CalledVia');
  if (service) return `${service} makes this call in the caller's name; its stand-in on this machine makes none`;
  const isThroughTable = valuesOf('kms:ViaService').some((value) => value.startsWith('dynamodb.'));
  if (isThroughTable && ['kms:DescribeKey', 'kms:Encrypt'].includes(grant.action)) {
    return 'DynamoDB asks for it of a table with a key of the account; which call takes it is not documented';
  }
  const holds = (action: string) =>
    policies.some(({ document }) => document.statements.some(({ actions }) => actions.includes(action)));
  if (grant.action === 'lambda:GetFunction' && holds('lambda:InvokeFunction')) {
    return "the CDK's provider framework asks, after a failed call, whether the function is active yet";
  }
  if (grant.action === 'iam:GetRole' && holds('securitylake:CreateCustomLogSource')) {
    return 'securitylake:CreateCustomLogSource depends on iam:GetRole; of which roles is not documented';
  }
  return undefined;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
