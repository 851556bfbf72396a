// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { type Configuration, parseConfiguration } from '../../config/index.ts';
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
  if (namesModule(configFile, loaded.id)) {
    const modules = configurableModules({ modules: [loaded], broken: [] });
    const file = resolve(configFile);
    const parameters = await parametersOf(file, '.');
    const { configuration } = parseConfiguration({ file, folder: '.', modules, parameters });
    const own = configuration.integrations[loaded.id];
    if (own) return { ...configuration, integrations: { [loaded.id]: own } };
  }
  return configurationForOne(loaded);
}

/** Whether a configuration is there and configures a module. */
export function namesModule(configFile: string, id: string): boolean {
  if (!existsSync(configFile)) return false;
  const written: unknown = parse(readFileSync(configFile, 'utf8'));
  const integrations = (written as { integrations?: Record<string, unknown> } | null)?.integrations;
  return integrations !== undefined && integrations !== null && id in integrations;
}
