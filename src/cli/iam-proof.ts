// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';
import { badArguments } from '../errors/cli.ts';
import { counted } from '../errors/counted.ts';
import { Failure } from '../errors/failure.ts';
import type { GrantProof } from '../local/iam-proof/grants.ts';
import { type Proof, proveModule } from '../local/iam-proof/prove.ts';
import { journeyConfiguration } from '../local/journey/configuration.ts';
import { loadModules, requireModules } from '../module/load.ts';
import { CDK_FOLDER } from '../release/deploy.ts';
import { chosenModules, stackConfigFile } from './chosen-modules.ts';
import type { CommandContext, ExitCode, Option } from './command.ts';
import { type Output, table } from './output.ts';

export const proofOptions: Readonly<Record<string, Option>> = {
  prove: {
    type: 'boolean',
    description: 'Runs the module on the embedded AWS under the policies of its roles, and says what each grant is for',
  },
};

/** Enough that every sample of a module comes once, whatever module. */
const EVENTS = 200;

/**
 * Runs the chosen modules under the policies of their roles. Exit code 1 where a call was denied; grants that no scenario
 * needs are warnings.
 */
export async function proveModules(context: CommandContext): Promise<ExitCode> {
  const { output, root, callerFolder, signal, values } = context;
  if (values.policy !== undefined || (values.format !== undefined && values.format !== 'text')) {
    const why = '--prove runs a module; it goes with neither --policy nor --format';
    throw new Failure(badArguments, { command: 'iam-analyzer', why });
  }
  const modulesFolder = join(root, CDK_FOLDER, 'modules');
  const loaded = await loadModules(modulesFolder);
  const given = values.config === undefined ? undefined : stackConfigFile(context);
  const stateFolder = join(root, '.slake', 'iam-proof');
  const modules = requireModules(
    loaded,
    chosenModules('iam-analyzer', context).map(({ id }) => id),
    modulesFolder,
  );
  const proofs: Proof[] = [];
  for (const module of modules) {
    const proof = await proveModule({
      root,
      stateFolder,
      ...journeyConfiguration({ root, stateFolder, loaded, module, given, folder: callerFolder }),
      module,
      events: EVENTS,
      stage: output.stage,
      signal,
    });
    proofs.push(proof);
    printProof(output, proof);
  }
  output.object({ proofs, stages: output.stages });
  return proofs.some((proof) => denials(proof) > 0) ? 1 : 0;
}

function denials({ roles }: Proof): number {
  return roles
    .flatMap(({ denied, notUnderstood }) => [...denied.map(({ count }) => count), ...notUnderstood.map(() => 1)])
    .reduce((sum, count) => sum + count, 0);
}

/** What a person reads of a proof. */
export function printProof(output: Output, proof: Proof): void {
  const { style } = output;
  output.line();
  output.line(style.bold(`Permissions of ${proof.module}`));
  output.line(`scenarios: ${proof.scenarios.join(', ')}`);
  // The first line says what; the rest, of a deployment, is in the JSON.
  if (proof.failure !== undefined) output.line(style.red(`ended early: ${proof.failure.split('\n')[0]}`));
  for (const { roleArn, functions, calls, denied, notUnderstood, grants } of proof.roles) {
    output.line();
    output.line(style.bold(headOf(roleArn, functions)));
    output.line(style.dim(roleArn));
    const rows = calls.map(({ operation, action, resource, count, statements, maker }) => [
      action,
      count,
      statements.join(', '),
      maker === 'code' ? '' : maker === 'service' ? `in its name, by ${operation}` : 'by Lambda, worked out',
      resource,
    ]);
    for (const line of table(['allowed', 'calls', 'statement', 'made', 'on'], rows)) output.line(`  ${line}`);
    for (const { action, resource, scenario, operation, count, effect, why } of denied) {
      output.line(
        `  ${style.red('denied')}  ${action} on ${resource} (${operation}, ${scenario}, ${counted(count, 'time')}): ${effect} ${why}`,
      );
    }
    for (const { text, scenario } of notUnderstood) {
      output.line(`  ${style.red('denied')}  ${text} (${scenario}): the proof does not understand this call`);
    }
    printGrants(output, grants);
  }
  output.line();
  for (const roleArn of proof.untouched) {
    output.line(`${style.yellow('not proven')}  ${roleArn}: no scenario makes a call with this role`);
  }
  const all = proof.roles.flatMap(({ grants }) => grants);
  const needed = all.filter(({ neededBy }) => neededBy.length > 0).length;
  const calls = proof.roles.flatMap((role) => role.calls).reduce((sum, { count }) => sum + count, 0);
  output.line(
    `${counted(calls, 'call')} allowed, ${denials(proof)} denied; ${needed} of ${counted(all.length, 'grant')} needed, ${all.length - needed} not by any scenario`,
  );
}

function headOf(roleArn: string, functions: readonly string[]): string {
  if (functions.length > 0) return `function ${functions.join(', ')}`;
  return roleArn.startsWith('arn:') ? 'role assumed by code' : 'calls of a role that could not be read';
}

function printGrants(output: Output, grants: readonly GrantProof[]): void {
  const { style } = output;
  const needed = grants.filter(({ neededBy }) => neededBy.length > 0);
  const rows = needed.map(({ statement, action, neededBy }) => [statement, action, neededBy.join(', ')]);
  const unique = [...new Map(rows.map((row) => [row.join(), row])).values()];
  for (const line of table(['statement', 'grants', 'needed by'], unique)) output.line(`  ${line}`);
  const unused = new Map<string, { because: string; grants: GrantProof[] }>();
  for (const grant of grants.filter((each) => !needed.includes(each))) {
    const { alsoAllowedBy, isUsed, statement, why } = grant;
    const because = isUsed
      ? `no scenario needs it, since ${alsoAllowedBy.join(', ')} allows the same`
      : `no scenario uses it${why ? `: ${why}` : ''}`;
    const known = unused.get(`${statement} ${because}`);
    unused.set(`${statement} ${because}`, { because, grants: [...(known?.grants ?? []), grant] });
  }
  for (const { because, grants: alike } of unused.values()) {
    const actions = [...new Set(alike.map(({ action }) => action))];
    // Of an action that is needed on another resource, the one that is not needed is what matters.
    const elsewhere = alike.filter(({ statement, action }) =>
      needed.some((each) => each.statement === statement && each.action === action),
    );
    const on = elsewhere.length > 0 ? ` on ${[...new Set(elsewhere.map(({ resource }) => resource))].join(', ')}` : '';
    output.line(`  ${style.yellow('unused')}  ${alike[0]?.statement}: ${actions.join(', ')}${on}`);
    output.line(style.dim(`          ${because}`));
  }
}
