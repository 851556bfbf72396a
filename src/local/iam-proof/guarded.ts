// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Templates } from '../../release/deploy.ts';
import type { LocalCloud } from '../cloud.ts';
import { type Journey, type JourneyOptions, runJourney } from '../journey/journey.ts';
import { type Account, accountOf, type Encryption } from './account.ts';
import { type Guard, startGuard } from './guard.ts';
import { type Stacks, stacksOf, withEnvironment } from './stacks.ts';

export type ProofOptions = Omit<JourneyOptions, 'watch'>;

/** The scenarios of a journey itself. */
export const DEPLOY = 'deploy';
export const JOURNEY = 'collect and transform';

/** A module that runs behind a guard. */
export interface GuardedModule {
  readonly guard: Guard;
  readonly account: Account;
  readonly stacks: Stacks;
  readonly journey: Journey;
  /** As they were made, before functions were put behind the guard. */
  readonly templates: Templates;
  readonly stop: () => Promise<void>;
}

/** Who is told what happens before a guarded module is there. */
export interface GuardListener {
  started(guard: Guard): void;
  deployed(stacks: Pick<GuardedModule, 'stacks' | 'templates'>): Promise<void>;
  denied(text: string): void;
}

/** The journey of a module, each function of whose stacks reaches AWS by a guard of its own. */
export async function runGuarded(options: ProofOptions, listener?: GuardListener): Promise<GuardedModule> {
  let made: { guard: Guard; account: Account; stacks: Stacks } | undefined;
  let templates: Templates = {};
  const encryption = new Map<string, Encryption>();

  async function guarded(cloud: LocalCloud, given: Templates): Promise<Templates> {
    const { endpoint, region, accountId } = cloud.aws;
    const stacks = stacksOf({ endpoint, region, accountId });
    const account = accountOf({ endpoint, region, accountId, encryption: (resource) => encryption.get(resource) });
    const upstream = (service: string) => (service === 'securitylake' ? cloud.securityLake.endpoint : endpoint);
    const roleOf = roleOfFunction(stacks);
    const guard = startGuard({ account, upstream, onDenied: (text) => listener?.denied(text) });
    made = { guard, account, stacks };
    templates = given;
    listener?.started(guard);
    guard.begin(DEPLOY);
    const changed: Record<string, unknown> = {};
    for (const [name, template] of Object.entries(given)) {
      changed[name] = await withEnvironment(template, async () => {
        const own = await guard.open(roleOf);
        return { endpoint: own, variables: { AWS_ENDPOINT_URL: own, AWS_ENDPOINT_URL_SECURITYLAKE: own } };
      });
    }
    return changed;
  }

  const journey = await runJourney({
    ...options,
    watch: {
      templates: guarded,
      async deployed() {
        if (!made) return;
        for (const [arn, key] of await made.stacks.encryption(templates)) encryption.set(arn, key);
        // What was read while roles and resources were being made may be less than there is now.
        made.account.refresh();
        made.guard.begin(JOURNEY);
        await listener?.deployed({ stacks: made.stacks, templates });
      },
    },
  });
  if (!made) throw new Error('the journey deployed nothing');
  return { ...made, journey, templates, stop: journey.stop };
}

/** Whose environment says that it calls at `endpoint` has this role. */
function roleOfFunction(stacks: Stacks): (endpoint: string) => Promise<string | undefined> {
  const known = new Map<string, string>();
  return async (endpoint) => {
    if (!known.has(endpoint)) {
      for (const { Role, Environment } of await stacks.functions()) {
        const own = Environment?.Variables?.AWS_ENDPOINT_URL;
        if (Role && own) known.set(own, Role);
      }
    }
    return known.get(endpoint);
  };
}
