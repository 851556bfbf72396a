// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { App } from 'aws-cdk-lib';
import type { Configuration } from '../config/configuration.ts';
import { Failure } from '../errors/failure.ts';
import { lakeSourceNamesCollide, tooManyLakeSources } from '../errors/infra.ts';
import type { LoadedModule } from '../module/load.ts';
import type { Assets } from './assets.ts';
import { CoreStack } from './core-stack.ts';
import { eventClassOf } from './event-class.ts';
import { lakeSourceName } from './lake-source-name.ts';
import { ModuleStack } from './module-stack.ts';

/** @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html */
const MOST_LAKE_SOURCES = 50;

export interface DeploymentProps {
  readonly configuration: Configuration;
  /** The modules under `integrations` of the configuration, enabled or not. */
  readonly modules: readonly LoadedModule[];
  readonly assets: Assets;
}

/**
 * Adds the stacks of a deployment to a CDK app: the core stack and one per module. The same input gives the same
 * templates. Throws SLK-INFRA-001 to -003 for modules that cannot be deployed together.
 */
export function addStacks(app: App, { configuration, modules, assets }: DeploymentProps): void {
  checkLakeSources(modules);
  const core = new CoreStack(app, { configuration, assets, moduleIds: modules.map(({ id }) => id) });
  for (const loaded of modules) {
    const integration = configuration.integrations[loaded.id];
    if (!integration) continue;
    // The order only: what a module stack needs of the core stack it reads from Parameter Store.
    new ModuleStack(app, { configuration, integration, loaded, assets }).addStackDependency(core);
  }
}

/** The lake sources that modules need, in the order of modules and classes. */
export function lakeSourcesOf(modules: readonly LoadedModule[]) {
  return modules.flatMap(({ id, classes }) =>
    classes.map((className) => ({
      moduleId: id,
      className,
      eventClass: eventClassOf(className),
      name: lakeSourceName(id, className),
    })),
  );
}

/** Throws SLK-INFRA-001 or -003 where the lake sources of modules cannot all be registered. */
export function checkLakeSources(modules: readonly LoadedModule[]): void {
  const sources = lakeSourcesOf(modules);
  if (sources.length > MOST_LAKE_SOURCES) {
    throw new Failure(tooManyLakeSources, { count: sources.length, modules: modules.map(({ id }) => id) });
  }
  const owners = new Map<string, string>();
  for (const { name, moduleId, className } of sources) {
    const owner = `${moduleId} (${className})`;
    const other = owners.get(name);
    if (other) throw new Failure(lakeSourceNamesCollide, { name, owners: [other, owner] });
    owners.set(name, owner);
  }
}
