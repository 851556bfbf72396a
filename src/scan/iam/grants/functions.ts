// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isRecord, matches, type Pattern, type PolicyHolder, type Statement } from '../../../access/index.ts';
import type { FunctionCode, StackTemplate } from '../../../infra/unbundled.ts';
import { managedActions, managedName } from './managed-policies.ts';
import { type PlatformUse, platformUses } from './platform.ts';

/** One action, or pattern of actions, that a statement of a role allows. */
export interface Grant {
  readonly action: string;
  /** Of the statement, or the name of the managed policy. */
  readonly sid: string;
  /** Absent for a managed policy, whose actions are allowed on everything. */
  readonly statement?: Statement;
}

/** A function of a stack with everything its role may do. */
export interface FunctionRole {
  readonly id: string;
  /** As it is called in AWS, or the construct's path. */
  readonly name: string;
  readonly code?: FunctionCode;
  readonly inline: boolean;
  /** Whether the CDK brings its code along, as for custom resources. */
  readonly isOfCdk: boolean;
  /** Absent where the role is not of this stack. */
  readonly role?: PolicyHolder;
  readonly grants: readonly Grant[];
  readonly denied: readonly Statement[];
  /** Managed policies whose content is not known here. */
  readonly opaque: readonly string[];
  readonly platform: readonly PlatformUse[];
}

/** How the CDK calls its own functions: by a description, or singletons by a type or a hash in their path. */
const OF_CDK = /AWS CDK resource provider framework|\/Custom::|\/(?:LogRetention|AWS)[0-9a-f]{32}/;

/** The functions of a stack. */
export function functionRoles({ resources, code }: StackTemplate, holders: readonly PolicyHolder[]): FunctionRole[] {
  return Object.entries(resources).flatMap(([id, { Type, Properties = {}, Metadata }]) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const roleId = roleOf(Properties.Role);
    const role = holders.find(({ logicalId }) => logicalId === roleId);
    const path = String(Metadata?.['aws:cdk:path'] ?? id).replace(/\/Resource$/, '');
    const own = code[id];
    return [
      {
        id,
        name: typeof Properties.FunctionName === 'string' ? Properties.FunctionName : path,
        ...(own ? { code: own } : {}),
        isOfCdk: OF_CDK.test(`${path} ${Properties.Description ?? ''}`),
        inline: isRecord(Properties.Code) && Properties.Code.ZipFile !== undefined,
        ...(role ? { role } : {}),
        ...grantsOf(role),
        platform: platformUses(id, resources),
      },
    ];
  });
}

function roleOf(role: unknown): string | undefined {
  const attribute = isRecord(role) ? role['Fn::GetAtt'] : undefined;
  if (Array.isArray(attribute)) return String(attribute[0]);
  return typeof attribute === 'string' ? attribute.split('.')[0] : undefined;
}

function grantsOf(role: PolicyHolder | undefined): Pick<FunctionRole, 'grants' | 'denied' | 'opaque'> {
  const statements = (role?.policies ?? [])
    .filter(({ kind }) => kind === 'identity')
    .flatMap(({ document }) => document.statements);
  const grants: Grant[] = statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) =>
      statement.actions.map((action) => ({
        action,
        sid: statement.sid ?? `statement ${statement.index + 1}`,
        statement,
      })),
    );
  const opaque: string[] = [];
  for (const arn of role?.managed ?? []) {
    const actions = managedActions(arn);
    const name = managedName(arn) ?? arn;
    if (actions) grants.push(...actions.map((action) => ({ action, sid: name })));
    else opaque.push(name);
  }
  return { grants, denied: statements.filter(({ effect }) => effect === 'Deny'), opaque };
}

/** Whether a grant lets the function itself call an action: what is allowed only on behalf of a service does not. */
export function allows({ action: pattern, statement }: Grant, action: string): boolean {
  return matches(pattern, action, { ignoreCase: true }) && !(statement && isForServices(statement));
}

/** Whether a statement counts only for calls that a service makes in the caller's name. */
export function isForServices({ conditions }: Statement): boolean {
  return conditions.some(
    ({ key, operator, values }) =>
      (/^aws:calledvia/i.test(key) && !/Not|IfExists|^Null$/i.test(operator)) ||
      (/^aws:viaawsservice$/i.test(key) && values.includes('true')),
  );
}

/** Whether a statement denies an action everywhere and always. */
export function denies({ actions, resources, conditions }: Statement, action: string): boolean {
  return (
    conditions.length === 0 &&
    resources.includes('*') &&
    actions.some((pattern: Pattern) => matches(pattern, action, { ignoreCase: true }))
  );
}

/** IAM prefixes of the services through which a statement lets a key be used; undefined where it names none. */
export function throughServices({ conditions }: Statement): readonly string[] | undefined {
  const named = conditions.filter(({ key }) => /^kms:viaservice$/i.test(key));
  if (named.length === 0) return undefined;
  return named.flatMap(({ values }) => values.map((value) => value.split('.')[0] ?? ''));
}
