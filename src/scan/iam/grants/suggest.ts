// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { hasWildcard, patternText } from '../../../access/index.ts';
import { type Catalog, expand } from '../catalog.ts';
import { type FunctionRole, isForServices } from './functions.ts';

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
  const [service = '', name = ''] = actions[0]?.split(':') ?? [];
  const sid = actions.length === 1 ? `${name}OfModule` : `${service.replaceAll(/[^a-z0-9]/gi, '')}OfModule`;
  const list = actions.map((action) => `'${action}'`).join(', ');
  const resources = resourcesOf(grants, actions, catalog).map(quoted).join(', ');
  return `{ sid: '${sid[0]?.toUpperCase()}${sid.slice(1)}', actions: [${list}], resources: [${resources}] }`;
}

/** Resources the role has for the service already, where they fit; else the form that AWS documents. */
function resourcesOf(grants: FunctionRole['grants'], actions: readonly string[], catalog: Catalog): readonly string[] {
  const [action = ''] = actions;
  const facts = expand(action, catalog)[0];
  const service = action.split(':')[0] ?? '';
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
  const [form] = facts?.arns ?? [];
  if (form === undefined) return ['*'];
  const [arn, , ownService, region, account, ...rest] = form.split(':');
  const open = (part: string | undefined, name: string) => (part === '*' ? `\${AWS::${name}}` : (part ?? ''));
  const name = rest.join(':').replaceAll('*', '<name>');
  return [
    [arn, open('*', 'Partition'), ownService, open(region, 'Region'), open(account, 'AccountId'), name].join(':'),
  ];
}

function quoted(resource: string): string {
  const text = resource.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) =>
    PLACE[name] === undefined ? `<${name}>` : `\${${PLACE[name]}}`,
  );
  return text.includes('${') ? `\`${text}\`` : `'${text}'`;
}
