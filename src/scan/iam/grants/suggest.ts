// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { hasWildcard, isRecord, matches, patternText } from '../../../access/index.ts';
import { type Catalog, expand, loadCatalog, servicePrefix } from '../catalog.ts';
import type { FunctionAccess } from './analyse.ts';
import { type FunctionRole, type Grant, isForServices } from './functions.ts';

/** What a module calls the values of a place. */
const PLACE: Readonly<Record<string, string>> = {
  'AWS::Partition': 'partition',
  'AWS::Region': 'region',
  'AWS::AccountId': 'accountId',
};

/** A statement for the permissions of a module that allows actions of one service, ready to paste. */
export function statementText(
  { grants }: Pick<FunctionRole, 'grants'>,
  actions: readonly string[],
  catalog: Catalog,
): string {
  return suggestedText({ sid: sidOf(actions), actions, resources: resourcesOf(grants, actions, catalog) });
}

/** Resources the role has for the service already, where they fit; else the form that AWS documents. */
function resourcesOf(grants: FunctionRole['grants'], actions: readonly string[], catalog: Catalog): readonly string[] {
  const [action = ''] = actions;
  const facts = expand(action, catalog)[0];
  const service = servicePrefix(action);
  const types = (action_: string) => JSON.stringify(expand(action_, catalog)[0]?.arns ?? []);
  const own = grants.find(
    (grant) =>
      grant.statement !== undefined &&
      !isForServices(grant.statement) &&
      grant.action.startsWith(`${service}:`) &&
      !hasWildcard(grant.action) &&
      types(grant.action) === types(action) &&
      !grant.statement.resources.includes('*'),
  );
  if (own?.statement) return own.statement.resources.map(patternText);
  const [form] = facts?.arns.toSorted((a, b) => a.length - b.length) ?? [];
  if (form === undefined) return ['*'];
  const [arn, , ownService, region, account, ...rest] = form.split(':');
  const open = (part: string | undefined, name: string) => (part === '*' ? `\${AWS::${name}}` : (part ?? ''));
  const name = rest.join(':').replaceAll('*', '<name>');
  return [
    [arn, open('*', 'Partition'), ownService, open(region, 'Region'), open(account, 'AccountId'), name].join(':'),
  ];
}

/** What AWS documents of the services of a function. */
export function catalogOf({ comparison, function: own }: FunctionAccess): Promise<Catalog> {
  const actions = [
    ...own.grants.map(({ action }) => action),
    ...(comparison?.needs.flatMap(({ oneOf }) => oneOf) ?? []),
  ];
  return loadCatalog(actions.map(servicePrefix));
}

/** A statement that a role should have. */
export interface Suggested {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: unknown;
}

/**
 * The least that a function needs: what is granted and explained, wildcards replaced by what is called, and what is
 * missing. Undefined where its code is not read.
 */
export function leastStatements(access: FunctionAccess, catalog: Catalog): readonly Suggested[] | undefined {
  const { comparison, function: own } = access;
  if (!comparison) return undefined;
  const byStatement = new Map<string, Suggested & { readonly actions: string[] }>();
  const put = (key: string, made: Omit<Suggested, 'actions'>, actions: readonly string[]) => {
    const known = byStatement.get(key) ?? { ...made, actions: [] };
    byStatement.set(key, known);
    for (const action of actions) if (!known.actions.includes(action)) known.actions.push(action);
  };
  for (const grant of comparison.grants) {
    if (grant.proof === 'open' || grant.proof === 'given') continue;
    const resources = (grant.statement?.resources ?? ['*']).map(patternText);
    const { Condition: conditions } = grant.statement?.raw ?? {};
    const made = { sid: grant.sid, resources, ...(conditions === undefined ? {} : { conditions }) };
    put(`${grant.sid} ${resources.join()}`, made, namedActions(grant, access));
  }
  for (const { oneOf, calls, granted } of comparison.needs) {
    const [action = ''] = oneOf;
    if (granted || !calls.some(({ reached }) => reached)) continue;
    const resources = resourcesOf(own.grants, [action], catalog);
    put(`missing ${resources.join()}`, { sid: sidOf([action]), resources }, [action]);
  }
  return [...byStatement.values()];
}

function namedActions(grant: Grant, { comparison, function: own }: FunctionAccess): readonly string[] {
  if (!hasWildcard(grant.action)) return [grant.action];
  const needed = [
    ...(comparison?.needs.flatMap(({ oneOf }) => oneOf) ?? []),
    ...own.platform.flatMap(({ actions }) => actions),
  ];
  const named = needed.filter((action) => matches(grant.action, action, { ignoreCase: true }));
  return named.length > 0 ? named : [grant.action];
}

/** A statement as the permissions of a module take it. */
export function suggestedText({ sid, actions, resources, conditions }: Suggested): string {
  const list = actions.map((action) => `'${action}'`).join(', ');
  const bound = conditions === undefined ? '' : `, conditions: ${literal(conditions)}`;
  return `{ sid: '${sid}', actions: [${list}], resources: [${resources.map(quoted).join(', ')}]${bound} }`;
}

/** A value of a condition as it is written in TypeScript. */
function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(patternText(value));
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, part]) => {
    return `${/^[A-Za-z]\w*$/.test(key) ? key : `'${key}'`}: ${literal(part)}`;
  });
  return `{ ${entries.join(', ')} }`;
}

function sidOf(actions: readonly string[]): string {
  const [service = '', name = ''] = actions[0]?.split(':') ?? [];
  const sid = actions.length === 1 ? `${name}OfModule` : `${service.replaceAll(/[^a-z0-9]/gi, '')}OfModule`;
  return `${sid[0]?.toUpperCase()}${sid.slice(1)}`;
}

function quoted(resource: string): string {
  const text = resource.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) =>
    PLACE[name] === undefined ? `<${name}>` : `\${${PLACE[name]}}`,
  );
  return text.includes('${') ? `\`${text}\`` : `'${text}'`;
}
