// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Templates } from '../../release/deploy.ts';
import type { LocalCloud } from '../cloud.ts';
import { journeyClients } from '../journey/clients.ts';
import { journeyBodies, readSamples } from '../journey/events.ts';
import { interruptible, type Journey, type JourneyOptions, runJourney } from '../journey/journey.ts';
import { type Account, accountOf, type Encryption } from './account.ts';
import { proveRoles, type RoleProof } from './grants.ts';
import { type Guard, startGuard } from './guard.ts';
import { judgePlatform } from './platform.ts';
import { resourcesOf, type Stacks, stacksOf, withEnvironment } from './stacks.ts';

export type ProofOptions = Omit<JourneyOptions, 'watch'>;

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

/** How long other calls may go on after one was denied, to be seen as well. */
const AFTER_DENIAL_MS = 3_000;
/** The same while stacks are deployed: CloudFormation ends a deployment that fails in better order than we could. */
const DEPLOYMENT_AFTER_DENIAL_MS = 90_000;
const DEPLOY = 'deploy';
const JOURNEY = 'collect and transform';
/** Not run but worked out: what Lambda calls for its functions. */
export const PLATFORM = 'platform';

/** A scenario after the journey: what is done to a module that has run once. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  run(running: GuardedModule, options: ProofOptions): Promise<void>;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'idle run',
    title: 'Run the processor when nothing has come',
    run: ({ journey }) => journey.collect(),
  },
  {
    name: 'rejected events',
    title: 'Send events that are rejected',
    async run({ journey }, { module }) {
      journey.source.send(journeyBodies(readSamples(module.folder), 0, new Date()).bodies);
      await journey.collect();
    },
  },
  {
    name: 'delivered twice',
    title: 'Lose the checkpoints, so that everything is delivered again',
    async run({ journey }) {
      await loseCheckpoints(journey);
      await journey.collect();
    },
  },
  {
    name: 'register again',
    title: 'Register a lake source that exists',
    run: registerAgain,
  },
  {
    name: 'remove',
    title: 'Remove the module stack',
    run: ({ journey, stacks }) => stacks.remove(journey.places.moduleStack),
  },
];

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
        return { AWS_ENDPOINT_URL: own, AWS_ENDPOINT_URL_SECURITYLAKE: own };
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

/** Empties the table, as an operator would who wants everything once more. */
async function loseCheckpoints({ cloud, places }: Journey): Promise<void> {
  const { endpoint, region, accountId } = cloud.aws;
  const client = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: accountId, secretAccessKey: 'embedded' },
  });
  const TableName = places.checkpointTable;
  for await (const { Items } of paginateScan({ client }, { TableName, ProjectionExpression: 'pk, sk' })) {
    for (const Key of Items ?? []) await client.send(new DeleteItemCommand({ TableName, Key }));
  }
}

/** Asks the registrar for a source that is there, as CloudFormation does after a creation it has lost sight of. */
export async function registerAgain(
  { journey, templates }: GuardedModule,
  { configuration }: ProofOptions,
): Promise<void> {
  const { cloud, places } = journey;
  const source = resourcesOf(templates[places.moduleStack]).find(({ type }) => type === 'Custom::SlakeLakeSource');
  if (!source) return;
  const { sourceName, eventClass } = source.properties;
  await journeyClients(cloud.environment).invoke(`${places.coreStack}-lake-source`, {
    RequestType: 'Create',
    ResourceProperties: {
      sourceName,
      eventClass,
      crawlerRoleArn: journey.report.outputs[places.coreStack]?.CrawlerRoleArn,
      externalId: configuration.securityLake.externalId,
      principal: cloud.aws.accountId,
    },
  });
}
