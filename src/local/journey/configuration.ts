// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { parseConfiguration } from '../../config/load.ts';
import { Failure } from '../../errors/failure.ts';
import { moduleNotEnabled } from '../../errors/journey.ts';
import { configurableModules, type LoadedModule, type LoadedModules } from '../../module/load.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import type { JourneyOptions } from './journey.ts';

/**
 * The configuration that a module is deployed with on this machine: a given file, or that of the app's tests with this
 * module and no other. Throws SLK-CONFIG-*, and SLK-JOURNEY-006 for a file that does not enable the module.
 */
export function journeyConfiguration(options: {
  readonly root: string;
  readonly stateFolder: string;
  readonly loaded: LoadedModules;
  readonly module: LoadedModule;
  /** Absolute. */
  readonly given?: string | undefined;
  readonly folder: string;
}): Pick<JourneyOptions, 'configFile' | 'configuration'> {
  const { root, stateFolder, loaded, module, given, folder } = options;
  const configFile = given ?? ownConfiguration(module.id, join(root, CDK_FOLDER, 'config.test.yaml'), stateFolder);
  const { configuration } = parseConfiguration({ file: configFile, modules: configurableModules(loaded), folder });
  if (configuration.integrations[module.id]?.enabled) return { configFile, configuration };
  throw new Failure(moduleNotEnabled, { module: module.id, file: configFile });
}

/** Writes the configuration `base` with this module alone; returns its path. */
function ownConfiguration(id: string, base: string, stateFolder: string): string {
  const document = parseDocument(readFileSync(base, 'utf8'));
  const known = document.getIn(['integrations', id], true);
  document.setIn(['integrations'], document.createNode({ [id]: known ?? { enabled: true } }));
  const file = join(stateFolder, 'config.yaml');
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(file, String(document));
  return file;
}
