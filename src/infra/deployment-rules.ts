// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  type Configured,
  type Finding,
  finding,
  type Integration,
  type KeyPath,
  type LoadedConfiguration,
  type Problem,
  problemOf,
} from '../config/index.ts';
import { eachValue } from '../config/value.ts';
import { versionsOf } from '../contract/mapping.ts';
import { moduleWarns, ocsfVersionNotClaimed, scheduleOverlaps } from '../errors/config.ts';
import { Failure } from '../errors/failure.ts';
import { isDefinedModule } from '../module/define-module.ts';
import type { LoadedModule, LoadedModules } from '../module/load.ts';
import { fewestMinutesBetweenRuns } from '../module/schedule.ts';
import { checkLakeSources } from './app.ts';

export const DEFAULT_TIMEOUT_SECONDS = 300;

/** The processors of a module as it is configured; none of one that was written by hand. */
export function processorsOf({ module }: LoadedModule, integration: Integration) {
  return isDefinedModule(module) ? module.processors(integration.config) : [];
}

/** Everything found in a configuration file, with what is wrong, or doubtful, of the modules that it names. */
export function deploymentProblems(loaded: LoadedConfiguration, modules: readonly LoadedModule[]): Problem[] {
  const findings = deploymentFindings(modules, loaded.configured);
  return [...loaded.problems, ...findings.map((found) => problemOf(loaded, found))];
}

/** As `deploymentProblems`, with the modules that do not load; a synthesis leaves out those of them that are stopped. */
export function allProblems(loaded: LoadedConfiguration, { modules, broken }: LoadedModules): Problem[] {
  const { integrations } = loaded.configured;
  const unloaded = broken.flatMap(({ id, failure: { code, message, hint } }) => {
    if (!Object.hasOwn(integrations, id)) return [];
    const level = integrations[id]?.enabled ? 'error' : 'warning';
    return [problemOf(loaded, { code, level, path: ['integrations', id], message, hint })];
  });
  return [...deploymentProblems(loaded, modules), ...unloaded];
}

/** What is wrong, or doubtful, with modules as they are configured: what no schema can know. */
export function deploymentFindings(all: readonly LoadedModule[], { integrations, ocsfVersion }: Configured): Finding[] {
  const modules = all.filter(({ id }) => Object.hasOwn(integrations, id));
  return [
    ...lakeSourceFindings(modules),
    ...modules.flatMap((module) => {
      const integration = integrations[module.id];
      if (integration === undefined) return [];
      return [
        ...versionFindings(module, integration, ocsfVersion),
        ...scheduleFindings(module, integration),
        ...warnings(module, integration),
      ];
    }),
  ];
}

function lakeSourceFindings(modules: readonly LoadedModule[]): Finding[] {
  try {
    checkLakeSources(modules);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, hint } = error;
    return [{ code, level: 'error', path: ['integrations'], message, hint }];
  }
}

function versionFindings({ id, mappings }: LoadedModule, own: Integration, general: string | undefined): Finding[] {
  const version = own.ocsfVersion ?? general;
  if (version === undefined) return [];
  const claims = mappings.map(({ exportName, mapping }) => ({
    exportName,
    versions: versionsOf(mapping) as readonly string[],
  }));
  const without = claims.filter(({ versions }) => !versions.includes(version));
  if (without.length === 0) return [];
  const common = (claims[0]?.versions ?? []).filter((one) => claims.every(({ versions }) => versions.includes(one)));
  const path = own.ocsfVersion === undefined ? ['securityLake', 'ocsfVersion'] : ['integrations', id, 'ocsfVersion'];
  const names = without.map(({ exportName }) => exportName);
  return [finding(ocsfVersionNotClaimed, path, { id, version, mappings: names, common })];
}

function scheduleFindings(module: LoadedModule, integration: Integration): Finding[] {
  return processorsOf(module, integration).flatMap(
    ({ functionName, schedule, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }) => {
      const minutes = fewestMinutesBetweenRuns(schedule);
      if (minutes === undefined || minutes * 60 >= timeoutSeconds) return [];
      const path = ['integrations', module.id, 'config', ...pathOf(schedule, integration.config)];
      return [finding(scheduleOverlaps, path, { functionName, schedule, timeoutSeconds }, 'warning')];
    },
  );
}

/** Where a module's configuration holds the text: only the module knows which of its keys is which. */
function pathOf(text: string, config: unknown): KeyPath {
  let found: KeyPath | undefined;
  eachValue(config, (path, value) => {
    if (value === text) found ??= path;
  });
  return found ?? [];
}

/** Warnings of modules written by hand; those of the others come from their schemas. */
function warnings({ id, module }: LoadedModule, { config }: Integration): Finding[] {
  if (isDefinedModule(module)) return [];
  return module
    .validateConfig(config)
    .warnings.map(({ path, message }) =>
      finding(moduleWarns, ['integrations', id, 'config', ...path], { message }, 'warning'),
    );
}
