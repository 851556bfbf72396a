// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { matches } from '../../../access/index.ts';
import { counted } from '../../../errors/counted.ts';
import type { Finding, FindingPlace } from '../../../findings/index.ts';
import { type Catalog, expand, servicePrefix } from '../catalog.ts';
import { isOfContainer } from '../code/containers.ts';
import type { Call, Place } from '../code/found.ts';
import { isKeyUse, type Permissions, permissionsOf, prefixOf } from '../code/operations.ts';
import type { Solution } from '../code/solve.ts';
import { allows, denies, type FunctionRole, type Grant, throughServices } from './functions.ts';
import type { GrantCode } from './rules.ts';

/** Why a grant is there; `given` is one that the framework gives to every processor and that this one does not use. */
export type Proof = 'code' | 'platform' | 'implied' | 'given' | 'open';

/** A grant with what explains it. */
export interface ProvenGrant extends Grant {
  readonly proof: Proof;
  /** The calls of the code that need it. */
  readonly calls: readonly Call[];
}

/** An action that a function needs, with the calls that do. */
export interface NeededAction {
  /** Any one of these. */
  readonly oneOf: readonly string[];
  readonly calls: readonly Call[];
  readonly granted: boolean;
}

/** What a finding is about, for acknowledgements: the Sid and the action. */
export type GrantFinding = Finding & { readonly code: GrantCode; readonly values: readonly string[] };

export interface Comparison {
  readonly grants: readonly ProvenGrant[];
  readonly needs: readonly NeededAction[];
  readonly findings: readonly GrantFinding[];
}

/** Statements that every processor is given, which its author cannot take away. */
const GIVEN = new Set([
  'KeepOwnCheckpoints',
  'ReadOwnSecret',
  'SendToOwnQueue',
  'SendTraces',
  'UseProjectKey',
  'WriteOwnLogs',
  'WriteOwnRawObjects',
]);

interface Resolved {
  readonly call: Call;
  readonly prefix: string;
  readonly permissions: Permissions;
}

/**
 * Compares the calls of a function with the grants of its role.
 *
 * @param subject of the findings: stack and construct path of the role
 * @param statement the text of a statement that allows actions, ready to paste
 */
export function compare(
  { code, grants, denied, opaque, platform }: FunctionRole,
  solution: Solution,
  catalog: Catalog,
  subject: string,
  statement: (actions: readonly string[]) => string,
): Comparison {
  const findings: GrantFinding[] = [];
  const { resolved, unknown } = resolve(solution.calls, catalog);
  for (const call of unknown) {
    findings.push({
      code: 'CALL_NOT_ANALYSABLE',
      level: call.reached ? 'not-checked' : 'advice',
      message: `${call.service} has no operation ${call.operation} that is known here`,
      place: placeOf(call),
      values: [call.operation],
    });
  }
  for (const one of solution.unclear) {
    findings.push({
      code: 'CALL_NOT_ANALYSABLE',
      level: one.reached ? 'not-checked' : 'advice',
      message: one.why,
      place: placeOf(one),
      values: [],
    });
  }

  const needs = neededActions(resolved, grants, denied);
  for (const { oneOf, calls, granted } of needs) {
    const first = calls.find(({ reached }) => reached) ?? calls[0];
    if (granted || !first || opaque.length > 0) continue;
    const action = oneOf.join(' or ');
    const within = first.within ? ` in ${first.within}` : '';
    findings.push({
      code: 'MISSING_GRANT',
      level: first.reached ? 'error' : 'advice',
      message: first.reached
        ? `${action} is called${within} and not granted`
        : `${action} is called${within}, which nothing calls, and not granted`,
      subject,
      place: placeOf(first),
      fix: `Add to the permissions of the module:\n${statement(oneOf.slice(0, 1))}`,
      values: [...oneOf],
    });
  }
  for (const { actions, needed, why } of platform) {
    const absent = needed ? actions.filter((action) => !isGranted([action], grants, denied)) : [];
    if (absent.length === 0 || opaque.length > 0) continue;
    findings.push({
      code: 'MISSING_GRANT',
      level: 'error',
      message: `${absent.join(', ')}: Lambda ${why} with this role, and it is not granted`,
      subject,
      fix: `Add to the role:\n${statement(absent)}`,
      values: absent,
    });
  }

  const isProcessor = code?.kind === 'processor';
  const proven = prove(grants, resolved, platform).map((grant) =>
    isProcessor && grant.proof === 'open' && GIVEN.has(grant.sid) ? { ...grant, proof: 'given' as const } : grant,
  );
  const doubts = [...solution.unclear, ...unknown].filter(({ reached }) => reached);
  for (const grant of proven) {
    // Of an action that does not exist, its own rule tells.
    if (grant.proof !== 'open' || expand(grant.action, catalog).length === 0) continue;
    const inFiles = counted(solution.files.length, 'file');
    const dead = resolved.find(({ call, permissions }) => !counts(call) && !call.foreign && isFor(grant, permissions));
    findings.push({
      code: 'UNUSED_GRANT',
      level: doubts.length > 0 ? 'not-checked' : 'warning',
      message: `${grant.action} (${grant.sid}): ${reason(dead?.call, inFiles, doubts)}`,
      subject,
      values: [grant.sid, grant.action],
    });
  }
  return { grants: proven, needs, findings };
}

function reason(dead: Call | undefined, inFiles: string, doubts: readonly Place[]): string {
  const [doubt] = doubts;
  if (doubt) return `no call found in ${inFiles}, but ${placeText(doubt)} cannot be analysed`;
  if (dead) return `called only in ${dead.within ?? 'code'} (${placeText(dead)}), which nothing calls`;
  return `no call found in ${inFiles}`;
}

/** Splits calls into those with known permissions and those of operations that nobody knows. */
function resolve(calls: readonly Call[], catalog: Catalog) {
  const resolved: Resolved[] = [];
  const unknown: Call[] = [];
  for (const call of calls) {
    const prefix = prefixOf(call.service, catalog.services);
    const permissions = prefix === undefined ? undefined : permissionsOf(prefix, call.operation, catalog);
    if (prefix !== undefined && permissions) resolved.push({ call, prefix, permissions });
    else if (!isOfContainer(call.operation)) unknown.push(call);
  }
  // A list of clients of several services is called with what one of them knows.
  const known = new Set(resolved.map(({ call }) => placeText(call)));
  return { resolved, unknown: unknown.filter((call) => !known.has(placeText(call))) };
}

/** IAM prefixes of all services that calls name. */
export function prefixesOf({ calls }: Solution, services: ReadonlySet<string>): readonly string[] {
  return calls.flatMap(({ service }) => prefixOf(service, services) ?? []);
}

function neededActions(
  resolved: readonly Resolved[],
  grants: readonly Grant[],
  denied: FunctionRole['denied'],
): NeededAction[] {
  const byAction = new Map<string, { oneOf: readonly string[]; calls: Call[] }>();
  for (const { call, permissions } of resolved) {
    if (call.foreign) continue;
    for (const { oneOf } of permissions.needs) {
      const key = oneOf.join(' ');
      const known = byAction.get(key) ?? { oneOf, calls: [] };
      known.calls.push(call);
      byAction.set(key, known);
    }
  }
  return [...byAction.values()].map((need) => ({ ...need, granted: isGranted(need.oneOf, grants, denied) }));
}

function isGranted(oneOf: readonly string[], grants: readonly Grant[], denied: FunctionRole['denied']): boolean {
  return oneOf.some(
    (action) => grants.some((grant) => allows(grant, action)) && !denied.some((statement) => denies(statement, action)),
  );
}

/** Whether a call proves a grant: it is reached, or a library may call the method that it stands in. */
function counts({ reached, overrides }: Call): boolean {
  return reached || overrides;
}

function isFor(grant: Grant, { needs }: Permissions): boolean {
  return needs.some(({ oneOf }) => oneOf.some((action) => allows(grant, action)));
}

function prove(
  grants: readonly Grant[],
  resolved: readonly Resolved[],
  platform: FunctionRole['platform'],
): ProvenGrant[] {
  const own = resolved.filter(({ call }) => counts(call) && !call.foreign);
  const services = new Set([
    ...own.map(({ prefix }) => prefix),
    ...platform.filter(({ needed }) => needed).flatMap(({ actions }) => actions.map(servicePrefix)),
  ]);
  const implied = own.flatMap(({ permissions }) => permissions.implies);
  return grants.map((grant) => {
    const calls = own.filter(({ permissions }) => isFor(grant, permissions)).map(({ call }) => call);
    const covers = (action: string) => matches(grant.action, action, { ignoreCase: true });
    const proof = (): Proof => {
      if (calls.length > 0) return 'code';
      if (platform.some(({ actions }) => actions.some(covers))) return 'platform';
      if (implied.some(covers)) return 'implied';
      const through = grant.statement && throughServices(grant.statement);
      const users = through ? [...services].filter((service) => through.includes(service)) : services;
      return isKeyUse(grant.action, users) ? 'implied' : 'open';
    };
    return { ...grant, calls, proof: proof() };
  });
}

function placeOf({ file, at: [line, column] }: Place): FindingPlace {
  return { file, line, column };
}

function placeText({ file, at: [line, column] }: Place): string {
  return `${file}:${line}:${column}`;
}
