// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { policyHolders } from '../../../access/index.ts';
import { counted } from '../../../errors/counted.ts';
import type { Finding } from '../../../findings/index.ts';
import type { StackTemplate } from '../../../infra/unbundled.ts';
import { STALE, withoutAcknowledged } from '../acknowledged.ts';
import { loadCatalog, servicePrefix } from '../catalog.ts';
import { programCalls } from '../code/program.ts';
import { type Comparison, compare, type GrantFinding, prefixesOf } from './compare.ts';
import { type FunctionRole, functionRoles } from './functions.ts';
import { grantRules } from './rules.ts';
import { statementText } from './suggest.ts';

/** A function with what its code and its grants say about each other. */
export interface FunctionAccess {
  readonly stack: string;
  readonly function: FunctionRole;
  /** Absent where its code is not read. */
  readonly comparison?: Comparison;
  /** Why its code is not read. */
  readonly notChecked?: string;
}

/** A construct's path, which begins with its stack; a logical id stands behind the stack. */
export function subjectIn(stack: string, path: string): string {
  return path.startsWith(`${stack}/`) ? path : `${stack}/${path}`;
}

const CODES: ReadonlySet<unknown> = new Set(grantRules.map(({ code }) => code));

/** Compares the code of every function of the stacks with the grants of its role. */
export async function analyseGrants(
  stacks: readonly StackTemplate[],
  root: string,
  pythons: readonly string[],
): Promise<{ readonly functions: readonly FunctionAccess[]; readonly findings: readonly Finding[] }> {
  const functions: FunctionAccess[] = [];
  const findings: Finding[] = [];
  for (const stack of stacks) {
    const accesses: FunctionAccess[] = [];
    for (const own of functionRoles(stack, policyHolders(JSON.parse(stack.text)))) {
      accesses.push(await accessOf(stack.name, own, root, pythons));
    }
    functions.push(...accesses);
    const used: string[] = [];
    const unused: { readonly subject: string; readonly message: string; readonly isShared: boolean }[] = [];
    for (const access of accesses) {
      const own = access.function;
      const subject = subjectIn(stack.name, own.role?.name ?? own.name);
      const found: GrantFinding[] = (access.comparison?.findings ?? []).map((finding) =>
        shared(finding, own, accesses),
      );
      if (access.notChecked !== undefined && !own.isOfCdk) {
        const message = `${own.name}: ${access.notChecked}`;
        found.push({ code: 'CODE_NOT_READ', level: 'not-checked', message, subject, values: [own.name] });
      }
      const { left, met, stale } = withoutAcknowledged(own.role?.metadata ?? {}, found, CODES);
      findings.push(...left.map(({ values: _, ...finding }) => finding));
      used.push(...(own.code?.kind === 'processor' ? met : []));
      unused.push(...stale.map((message) => ({ subject, message, isShared: own.code?.kind === 'processor' })));
    }
    // Permissions of a module, and what it acknowledges of them, go to all its processors.
    for (const { subject, message, isShared } of unused) {
      if (isShared && used.includes(message)) continue;
      findings.push({ code: STALE.code, level: STALE.level, subject, message });
    }
  }
  return { functions, findings };
}

/** Permissions of a module go to all its processors: what one of them needs is not unused in the others. */
function shared(finding: GrantFinding, own: FunctionRole, accesses: readonly FunctionAccess[]): GrantFinding {
  if (finding.code !== 'UNUSED_GRANT' || finding.level !== 'warning' || own.code?.kind !== 'processor') return finding;
  const [sid, action] = finding.values;
  const user = accesses.find(
    ({ function: other, comparison }) =>
      other !== own &&
      other.code?.kind === 'processor' &&
      comparison?.grants.some((grant) => grant.sid === sid && grant.action === action && grant.proof !== 'open'),
  );
  if (!user) return finding;
  return { ...finding, level: 'advice', message: `${finding.message}; ${user.function.name} needs it` };
}

async function accessOf(
  stack: string,
  own: FunctionRole,
  root: string,
  pythons: readonly string[],
): Promise<FunctionAccess> {
  const not = (notChecked: string): FunctionAccess => ({ stack, function: own, notChecked });
  if (own.isOfCdk) return not('its code is of the CDK, not of the project');
  if (!own.code)
    return not(own.inline ? 'code in the template is not read' : 'its code does not come from core.bundle');
  if (!own.role) return not('its role is not of this stack');
  const solution = programCalls(root, own.code, pythons);
  if ('notChecked' in solution) return not(solution.notChecked);
  const { services } = await loadCatalog([]);
  const actions = [...own.grants.map(({ action }) => action), ...own.platform.flatMap((use) => use.actions)].map(
    servicePrefix,
  );
  const catalog = await loadCatalog([...prefixesOf(solution, services), ...actions]);
  const subject = subjectIn(stack, own.role.name);
  return {
    stack,
    function: own,
    comparison: compare(own, solution, catalog, subject, (missing) => statementText(own, missing, catalog)),
  };
}

/** The same as data: each grant with what proves it. */
export function accessData({ stack, function: { name, grants }, comparison, notChecked }: FunctionAccess): object {
  const proofs = comparison?.grants.map(({ action, sid, proof }) => ({ action, sid, proof }));
  return {
    stack,
    name,
    grants: proofs ?? grants.map(({ action, sid }) => ({ action, sid })),
    ...(notChecked ? { notChecked } : {}),
  };
}

/** `azure-processor: 5 of 16 grants proven by code, 6 by platform, 3 implied, 2 open`. */
export function accessLine({ function: { name, grants }, comparison, notChecked }: FunctionAccess): string {
  if (!comparison) return `${name}: ${counted(grants.length, 'grant')}, not compared: ${notChecked}`;
  const count = (proof: string) => comparison.grants.filter((grant) => grant.proof === proof).length;
  return [
    `${name}: ${count('code')} of ${counted(grants.length, 'grant')} proven by code, ${count('platform')} by platform`,
    `${count('implied')} implied, ${count('open')} open`,
    ...(count('given') > 0 ? [`${count('given')} given to every processor and not used`] : []),
  ].join(', ');
}
