// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { matches, patternText } from '../../../access/index.ts';
import type { FindingPlace } from '../../../findings/index.ts';
import type { FunctionAccess } from './analyse.ts';
import type { Proof } from './compare.ts';

/** Who needs an action and who may call it, in one function. */
export interface ActionUse {
  readonly function: string;
  readonly calls: readonly (FindingPlace & { readonly within?: string; readonly reached: boolean })[];
  readonly grants: readonly { readonly sid: string; readonly resources: readonly string[]; readonly proof: Proof }[];
  /** What Lambda does with it. */
  readonly platform: readonly string[];
  /** Why the code of the function is not known. */
  readonly notChecked?: string;
}

/** Where an action is needed, and what grants it; functions that do neither are left out. */
export function explainAction(action: string, functions: readonly FunctionAccess[]): readonly ActionUse[] {
  const covers = (pattern: string) => matches(pattern, action, { ignoreCase: true });
  return functions.flatMap(({ function: own, comparison, notChecked }) => {
    const needs = comparison?.needs.filter(({ oneOf }) => oneOf.some(covers)) ?? [];
    const proven = comparison?.grants ?? own.grants.map((grant) => ({ ...grant, proof: 'open' as const }));
    const grants = proven
      .filter((grant) => covers(grant.action))
      .map(({ sid, statement, proof }) => ({
        sid,
        resources: (statement?.resources ?? ['*']).map(patternText),
        proof,
      }));
    const calls = needs.flatMap((need) =>
      need.calls.map(({ file, at: [line, column], within, reached }) => ({
        file,
        line,
        column,
        ...(within === undefined ? {} : { within }),
        reached,
      })),
    );
    const platform = own.platform.filter(({ actions }) => actions.some(covers)).map(({ why }) => `Lambda ${why}`);
    if (calls.length === 0 && grants.length === 0) return [];
    return [{ function: own.name, calls, grants, platform, ...(notChecked === undefined ? {} : { notChecked }) }];
  });
}

/** The same as lines for a person. */
export function explanationLines(action: string, uses: readonly ActionUse[]): string[] {
  if (uses.length === 0) return [`${action}: no function needs it, and no role grants it`];
  return [
    action,
    ...uses.flatMap((use) => [
      `  ${use.function}`,
      ...use.calls.map(({ file, line, column, within, reached }) => {
        const where = within === undefined ? '' : `  in ${within}`;
        return `    called   ${file}:${line}:${column}${where}${reached ? '' : ', which nothing calls'}`;
      }),
      ...use.platform.map((why) => `    platform ${why}`),
      ...(use.calls.length === 0 && use.notChecked !== undefined ? [`    not compared: ${use.notChecked}`] : []),
      ...use.grants.map(({ sid, resources, proof }) => {
        const why = proof === 'implied' ? '  (comes with another call)' : '';
        return `    granted  ${sid} on ${resources.join(', ')}${why}`;
      }),
      ...(use.grants.length === 0 ? ['    not granted'] : []),
    ]),
  ];
}
