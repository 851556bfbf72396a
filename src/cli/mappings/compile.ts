// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { Failure } from '../../errors/failure.ts';
import { loadModules } from '../../module/load.ts';
import { DEFAULT_OCSF_VERSION } from '../../ocsf/index.ts';
import { mappingFiles, programSource } from '../../pipeline/build/load-program.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';

/** Compiles the mappings of every module, which checks them in each version they claim; one problem a broken module. */
export async function compileMappings(root: string) {
  const { modules, broken } = await loadModules(join(root, CDK_FOLDER, 'modules'));
  const problems = broken.map(({ failure }) => failure as Failure<unknown>);
  for (const { folder, mappings } of modules) {
    try {
      programSource(mappingFiles(folder, mappings), DEFAULT_OCSF_VERSION);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.push(error);
    }
  }
  return { problems, compiled: modules.reduce((sum, { mappings }) => sum + mappings.length, 0) };
}
