// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type ConfigurableModules, type Configuration, parseConfiguration } from '../../config/index.ts';
import { readSource } from '../../config/source.ts';
import { isGroup, valueAt } from '../../config/value.ts';
import { configEmpty } from '../../errors/config.ts';
import { parametersOf } from '../../infra/deployment.ts';
import { configurationForOne, type StackTemplate, unbundledTemplates } from '../../infra/unbundled.ts';
import { configurableModules, type LoadedModule } from '../../module/load.ts';

/**
 * The templates of a deployment of one module: its core stack and its own. Functions are not bundled for it.
 * Throws the failure of the configuration or of the stacks.
 *
 * @param configFile absolute; where it does not configure the module, the module's defaults are taken
 */
export async function synthesizeModule(loaded: LoadedModule, configFile: string): Promise<readonly StackTemplate[]> {
  return unbundledTemplates(await configure(loaded, configFile), [loaded]);
}

async function configure(loaded: LoadedModule, configFile: string): Promise<Configuration> {
  // Of a file that cannot be read the failure says where and why.
  if (namedIn(configFile)?.includes(loaded.id) !== false) {
    const file = resolve(configFile);
    const parameters = await parametersOf(file, '.');
    const { configuration } = parseConfiguration({ file, folder: '.', modules: onlyOne(loaded, file), parameters });
    const own = configuration.integrations[loaded.id];
    if (own) return { ...configuration, integrations: { [loaded.id]: own } };
  }
  return configurationForOne(loaded);
}

/** Of the other modules that the file configures anything is taken: they are not what is asked about. */
function onlyOne(loaded: LoadedModule, configFile: string): ConfigurableModules {
  const others = (namedIn(configFile) ?? []).map((id) => [id, { configSchema: z.unknown() }] as const);
  return { ...Object.fromEntries(others), ...configurableModules({ modules: [loaded], broken: [] }) };
}

/** Whether a configuration is there and configures a module. */
export function namesModule(configFile: string, id: string): boolean {
  return namedIn(configFile)?.includes(id) ?? false;
}

/**
 * Ids of the modules that a file configures, in itself or for an environment: none where there is no file, or nothing in
 * it; undefined where it cannot be read.
 */
function namedIn(configFile: string): readonly string[] | undefined {
  if (!existsSync(configFile)) return [];
  const { data, findings } = readSource(readFileSync(configFile, 'utf8'));
  if (data === undefined) return findings.every(({ code }) => code === configEmpty.code) ? [] : undefined;
  const environments = Object.values(groupAt(data, 'environments'));
  return [data, ...environments].flatMap((each) => Object.keys(groupAt(each, 'integrations')));
}

function groupAt(data: unknown, key: string): Readonly<Record<string, unknown>> {
  const value = valueAt(data, [key]);
  return isGroup(value) ? value : {};
}
