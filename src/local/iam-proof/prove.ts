// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { interruptible } from '../journey/journey.ts';
import { proveRoles, type RoleProof } from './grants.ts';
import type { Guard } from './guard.ts';
import { DEPLOY, type GuardedModule, type GuardListener, JOURNEY, type ProofOptions, runGuarded } from './guarded.ts';
import { judgePlatform } from './platform.ts';
import { type Scenario, scenarios } from './scenarios.ts';

/** What running a module says of the permissions of its roles. */
export interface Proof {
  readonly module: string;
  /** The scenarios that were run to their end, in order. */
  readonly scenarios: readonly string[];
  /** What ended the scenarios early, where calls were denied. */
  readonly failure?: string;
  readonly roles: readonly (RoleProof & { readonly functions: readonly string[] })[];
  /** Roles of the stacks of which no scenario makes a call. */
  readonly untouched: readonly string[];
}

/** How long other calls may go on after one was denied, to be seen as well. */
const AFTER_DENIAL_MS = 3_000;
/** The same while stacks are deployed: CloudFormation ends a deployment that fails in better order than we could. */
const DEPLOYMENT_AFTER_DENIAL_MS = 90_000;
/** Not run but worked out: what Lambda calls for its functions. */
export const PLATFORM = 'platform';

/**
 * Runs a module on the embedded AWS with each function behind a guard that has the policies of its role, and gives what
 * was called, what was denied, and what no scenario needs. Rejects where it cannot run for another reason than a denial.
 */
export async function proveModule(options: ProofOptions): Promise<Proof> {
  const done: string[] = [];
  const denied = new AbortController();
  const signal = AbortSignal.any([options.signal, denied.signal]);
  let patience = DEPLOYMENT_AFTER_DENIAL_MS;
  let guard: Guard | undefined;
  let running: GuardedModule | undefined;
  let roles: DeployedRoles = { functions: new Map(), all: [] };
  let failure: string | undefined;
  try {
    const listener: GuardListener = {
      started(each) {
        guard = each;
      },
      async deployed(stacks) {
        patience = AFTER_DENIAL_MS;
        done.push(DEPLOY);
        roles = await deployedRoles(stacks);
      },
      denied(text) {
        setTimeout(() => denied.abort(new Error(text)), patience).unref();
      },
    };
    running = await runGuarded({ ...options, signal }, listener);
    done.push(JOURNEY);
    await runScenarios(running, { ...options, signal }, scenarios, (name) => done.push(name));
  } catch (error) {
    // A scenario that was denied something may fail in any way; without a denial the failure is another one.
    if (options.signal.aborted || !guard || !hasDenials(guard)) throw error;
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    await running?.stop();
    await guard?.close();
  }
  return proofOf(options.module.id, done, guard, roles, failure);
}

/** Runs scenarios one after another; `done` is told each that came to its end. */
export async function runScenarios(
  running: GuardedModule,
  options: ProofOptions,
  chosen: readonly Scenario[],
  done: (name: string) => void = () => {},
): Promise<void> {
  const { guard, account, stacks } = running;
  guard.begin(PLATFORM);
  await options.stage('Work out what Lambda calls with the roles', () => judgePlatform(guard, account, stacks));
  done(PLATFORM);
  for (const { name, title, run } of chosen) {
    guard.begin(name);
    await options.stage(title, () => interruptible(run(running, options), options.signal));
    done(name);
  }
}

/** The roles of the stacks, and the functions that have them. */
export interface DeployedRoles {
  readonly functions: ReadonlyMap<string, readonly string[]>;
  readonly all: readonly string[];
}

export async function deployedRoles({
  stacks,
  templates,
}: Pick<GuardedModule, 'stacks' | 'templates'>): Promise<DeployedRoles> {
  const functions = new Map<string, string[]>();
  for (const { FunctionName = '', Role = '' } of await stacks.functions()) {
    functions.set(Role, [...(functions.get(Role) ?? []), FunctionName]);
  }
  return { functions, all: await stacks.roles(templates) };
}

/** What the calls say that a guard has recorded so far. */
export function proofOf(
  module: string,
  done: readonly string[],
  guard: Pick<Guard, 'calls' | 'notUnderstood'> | undefined,
  { functions, all }: DeployedRoles,
  failure?: string,
): Proof {
  const roles = proveRoles(guard?.calls ?? [], guard?.notUnderstood ?? []).map((role) => ({
    ...role,
    functions: functions.get(role.roleArn) ?? [],
  }));
  return {
    module,
    scenarios: done,
    ...(failure === undefined ? {} : { failure }),
    roles,
    untouched: all.filter((roleArn) => !roles.some((role) => role.roleArn === roleArn)),
  };
}

function hasDenials({ calls, notUnderstood }: Guard): boolean {
  return notUnderstood.length > 0 || calls.some(({ decision }) => decision.effect !== 'allow');
}
