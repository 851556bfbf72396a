// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.ts';
import type { Deployment } from '../../infra/deployment.ts';
import type { Answer, Ask } from './answer.ts';
import { accountItem, lakeItem, secretsItem } from './aws.ts';
import {
  checklistOf,
  configurationItem,
  documentationItem,
  iamItem,
  modulesItem,
  scanItem,
  testsItem,
} from './commands.ts';
import { type ItemResult, notChecked, type Outcome, type PreflightItem, preflightItems, stateWords } from './item.ts';

export interface PreflightOptions {
  /** The configuration as a deployment reads it. */
  readonly read: () => Promise<Deployment>;
  /** Absolute path of its file, for the commands that are asked. */
  readonly file: string;
  readonly ask: Ask;
  /** Items that a person leaves out; they are not checked. */
  readonly leftOut: readonly PreflightItem[];
  /** Runs the work of an item, and may say how long it takes. */
  readonly stage: (title: string, work: (say: (detail: string) => void) => Promise<Outcome>) => Promise<Outcome>;
}

/** Goes through the pre-deployment checklist; an item that breaks is not checked and stops no other one. */
export async function preflight({ read, file, ask, leftOut, stage }: PreflightOptions): Promise<readonly ItemResult[]> {
  const deployment = await read().catch((error: unknown) => {
    if (error instanceof Failure) return undefined;
    throw error;
  });
  const deployed = (work: (deployment: Deployment) => Promise<Outcome>) => async () =>
    deployment === undefined ? notChecked('the configuration cannot be read') : work(deployment);
  let known: Promise<ReadonlyMap<string, Answer>> | undefined;
  const checklist = ({ modules }: Deployment) => {
    known ??= checklistOf(
      ask,
      modules.map(({ id }) => id),
    );
    return known;
  };
  const work: Readonly<Record<PreflightItem, () => Promise<Outcome>>> = {
    configuration: () => configurationItem(ask, file),
    account: deployed(({ configuration }) => accountItem(configuration)),
    secrets: deployed(secretsItem),
    lake: deployed(({ configuration }) => lakeItem(configuration)),
    iam: () => iamItem(ask, file),
    scan: () => scanItem(ask, file),
    documentation: deployed(async (found) => documentationItem(ask, await checklist(found))),
    modules: deployed(async (found) => modulesItem(await checklist(found))),
    tests: () => testsItem(ask),
  };
  const results: ItemResult[] = [];
  for (const [item, title] of Object.entries(preflightItems) as [PreflightItem, string][]) {
    const outcome = leftOut.includes(item)
      ? notChecked('left out with --skip')
      : await stage(`Look at ${item}`, async (say) => {
          const found = await work[item]().catch(broken);
          say(stateWords[found.state]);
          return found;
        });
    results.push({ item, title, ...outcome });
  }
  return results;
}

/** A failure of ours that a person can mend is the reason; anything else is a bug, and is told as one. */
function broken(error: unknown): Outcome {
  if (error instanceof Failure) return notChecked(error.message);
  throw error;
}
