// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Configuration,
  invalid,
  loadConfiguration,
  namedPackages,
  namedParameters,
  type Problem,
} from '../config/index.ts';
import type { ParameterValues } from '../config/parameters.ts';
import { Failure } from '../errors/failure.ts';
import { configFileNotGiven, targetUnknown } from '../errors/infra.ts';
import {
  configurableModules,
  type LoadedModule,
  type LoadedModules,
  loadModules,
  requireModules,
} from '../module/load.ts';
import type { Target } from './assets.ts';
import { deploymentProblems } from './deployment-rules.ts';
import { readParameters } from './parameters.ts';

/** A configuration with the modules it deploys. */
export interface Deployment {
  readonly configuration: Configuration;
  readonly modules: readonly LoadedModule[];
  /** Warnings of the configuration file. */
  readonly problems: readonly Problem[];
  /** Modules that are stopped and do not load; their stacks are left as they are. */
  readonly leftOut: readonly { readonly id: string; readonly failure: Failure }[];
}

export interface DeploymentPlace {
  /** `-c configFile=`; relative to the first of `folders` that has it. */
  readonly configFile: string | undefined;
  /** The caller's folder, then the folder of the CDK app. */
  readonly folders: readonly string[];
  readonly modulesFolder: string;
}

/**
 * Reads a configuration and loads its modules. Throws SLK-INFRA-005 without a file, the configuration's failure with
 * every problem in it, or that of an enabled module that does not load.
 */
export async function readDeployment({ configFile, folders, modulesFolder }: DeploymentPlace): Promise<Deployment> {
  if (!configFile) throw new Failure(configFileNotGiven, {});
  const [folder = '.'] = [...folders.filter((candidate) => existsSync(resolve(candidate, configFile))), ...folders];
  const loaded = await loadModules(modulesFolder, namedPackages({ file: configFile, folder }));
  const parameters = await parametersOf(configFile, folder);
  const read = loadConfiguration({
    file: configFile,
    folder,
    parameters,
    modules: configurableModules(loaded),
  });
  const { configuration } = read;
  const problems = deploymentProblems(read, loaded.modules);
  if (configuration === undefined || problems.some(({ level }) => level === 'error')) throw invalid(read, problems);
  const { modules, leftOut } = select(configuration, loaded, modulesFolder);
  return { configuration, problems, modules, leftOut };
}

/**
 * The values of Parameter Store that a configuration names; undefined where it names none. Throws SLK-INFRA-007 where they
 * cannot be read.
 */
export async function parametersOf(file: string, folder: string): Promise<ParameterValues | undefined> {
  const { names, region } = namedParameters({ file, folder });
  return names.length === 0 ? undefined : readParameters(names, region);
}

function select(configuration: Configuration, loaded: LoadedModules, modulesFolder: string) {
  const configured = Object.entries(configuration.integrations);
  const leftOut = loaded.broken.filter(({ id }) => configuration.integrations[id]?.enabled === false);
  const ids = configured.map(([id]) => id).filter((id) => !leftOut.some((broken) => broken.id === id));
  return { modules: requireModules(loaded, ids.sort(), modulesFolder), leftOut };
}

/**
 * Where functions will run: what the CDK context `slake:target` says, or else by the endpoint that is deployed to, a
 * loopback one being the embedded AWS. Throws SLK-INFRA-004 for another text than `aws` or `host`.
 */
export function targetOf(context: unknown, endpoint: string | undefined): Target {
  if (context === undefined) return endpoint && isLoopback(endpoint) ? 'host' : 'aws';
  if (context === 'aws') return 'aws';
  if (context === 'host') return 'host';
  throw new Failure(targetUnknown, { target: String(context) });
}

function isLoopback(endpoint: string): boolean {
  const host = URL.parse(endpoint)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}
