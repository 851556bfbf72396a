// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Configuration } from '../config/configuration.ts';
import type { OcsfVersion } from '../ocsf/index.ts';
import { ocsfSchema } from '../ocsf/schema.ts';
import { mappingFiles, transformerEntry } from '../pipeline/build/load-program.ts';
import type { Assets, Target } from './assets.ts';
import { bundleHandler, bundlePython, bundleTransformer, type PythonTarget } from './bundling/index.ts';

const CACHE = fileURLToPath(new URL('../../.slake/assets', import.meta.url));
const LAKE_SOURCE = fileURLToPath(new URL('lake-source/handler.ts', import.meta.url));
const AWS_PYTHON: PythonTarget = { python: '3.13', platform: 'aarch64' };

/**
 * Bundles the functions of a deployment; what did not change since the last time is not made again.
 * Throws SLK-OCSF-001 for an OCSF version without tables, and SLK-BUNDLE-* for code that cannot be bundled.
 */
export function bundleAssets(configuration: Configuration, target: Target, cacheFolder: string = CACHE): Assets {
  const { integrations, securityLake } = configuration;
  // Throws SLK-OCSF-001 for a version that has no tables.
  const versionFor = (id: string) =>
    ocsfSchema(integrations[id]?.ocsfVersion ?? securityLake.ocsfVersion).version as OcsfVersion;
  return {
    architecture: target === 'aws' || process.arch === 'arm64' ? 'arm64' : 'x86_64',
    lakeSource: bundleHandler({ entry: LAKE_SOURCE, cacheFolder }),
    transformer: ({ id, folder, mappings }) =>
      bundleTransformer({
        module: { id },
        entrySource: transformerEntry(mappingFiles(folder, mappings), versionFor(id)),
        resolveDir: folder,
        cacheFolder,
      }),
    processor: ({ folder, handler, runtime }) =>
      runtime === 'python'
        ? bundlePython({ folder, target: target === 'aws' ? AWS_PYTHON : 'host', cacheFolder })
        : bundleHandler({ entry: join(folder, `${handler.split('.')[0]}.ts`), cacheFolder }),
  };
}
