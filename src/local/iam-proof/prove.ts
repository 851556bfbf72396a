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
import { type Guard, type NotUnderstood, type RecordedCall, startGuard } from './guard.ts';
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
const DEPLOY = 'deploy';
const JOURNEY = 'collect and transform';
/** Not run but worked out: what Lambda calls for its functions. */
export const PLATFORM = 'platform';

/** A scenario after the journey: what it does to a module that has run once. */
interface Scenario {
  readonly name: string;
  readonly title: string;
  run(running: GuardedModule, options: ProofOptions): Promise<void>;
}

const SCENARIOS: readonly Scenario[] = [
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
  const onDenied = (text: string) => {
    setTimeout(() => denied.abort(new Error(text)), AFTER_DENIAL_MS).unref();
  };
  const recorded: { guard?: Guard; functions: Map<string, string[]>; roles: string[] } = {
    functions: new Map(),
    roles: [],
  };
  let running: GuardedModule | undefined;
  let failure: string | undefined;
  try {
    running = await runGuarded({ ...options, signal }, onDenied, (guard) => {
      recorded.guard = guard;
    });
    const { guard, account, stacks } = running;
    done.push(DEPLOY, JOURNEY);
    for (const { FunctionName = '', Role = '' } of await stacks.functions()) {
      recorded.functions.set(Role, [...(recorded.functions.get(Role) ?? []), FunctionName]);
    }
    recorded.roles = await stacks.roles(running.templates);
    guard.begin(PLATFORM);
    await options.stage('Work out what Lambda calls with the roles', () => judgePlatform(guard, account, stacks));
    const now = running;
    for (const { name, title, run } of SCENARIOS) {
      guard.begin(name);
      await options.stage(title, () => interruptible(run(now, options), signal));
      done.push(name);
    }
  } catch (error) {
    // A scenario that was denied something may fail in any way; without a denial the failure is another one.
    if (options.signal.aborted || !recorded.guard || !hasDenials(recorded.guard)) throw error;
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    await running?.stop();
    await recorded.guard?.close();
  }
  const { calls = [], notUnderstood = [] } = recorded.guard ?? {};
  return report(options.module.id, done, calls, notUnderstood, recorded, failure);
}

function report(
  module: string,
  scenarios: readonly string[],
  calls: readonly RecordedCall[],
  notUnderstood: readonly NotUnderstood[],
  {
    functions,
    roles,
  }: { readonly functions: ReadonlyMap<string, readonly string[]>; readonly roles: readonly string[] },
  failure: string | undefined,
): Proof {
  const proven = proveRoles(calls, notUnderstood).map((role) => ({
    ...role,
    functions: functions.get(role.roleArn) ?? [],
  }));
  const touched = new Set(proven.map(({ roleArn }) => roleArn));
  return {
    module,
    scenarios: [...scenarios, ...(failure === undefined ? [PLATFORM] : [])],
    ...(failure === undefined ? {} : { failure }),
    roles: proven,
    untouched: roles.filter((roleArn) => !touched.has(roleArn)),
  };
}

function hasDenials({ calls, notUnderstood }: Guard): boolean {
  return notUnderstood.length > 0 || calls.some(({ decision }) => decision.effect !== 'allow');
}

/** The journey of a module, each function of whose stacks reaches AWS by a guard of its own. */
export async function runGuarded(
  options: ProofOptions,
  onDenied: (text: string) => void,
  onGuard: (guard: Guard) => void = () => {},
): Promise<GuardedModule> {
  let made: { guard: Guard; account: Account; stacks: Stacks } | undefined;
  let templates: Templates = {};
  const encryption = new Map<string, Encryption>();

  async function guarded(cloud: LocalCloud, given: Templates): Promise<Templates> {
    const { endpoint, region, accountId } = cloud.aws;
    const stacks = stacksOf({ endpoint, region, accountId });
    const account = accountOf({ endpoint, region, accountId, encryption: (resource) => encryption.get(resource) });
    const upstream = (service: string) => (service === 'securitylake' ? cloud.securityLake.endpoint : endpoint);
    const roleOf = roleOfFunction(stacks);
    const guard = startGuard({ account, upstream, onDenied });
    made = { guard, account, stacks };
    templates = given;
    onGuard(guard);
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
        for (const [arn, key] of (await made?.stacks.encryption(templates)) ?? []) encryption.set(arn, key);
        made?.guard.begin(JOURNEY);
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
async function registerAgain({ journey, templates }: GuardedModule, { configuration }: ProofOptions): Promise<void> {
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
