// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { lakeSourcesOf } from '../../infra/app.ts';
import type { LoadedModule } from '../../module/load.ts';
import type { ClassName, Column, OcsfVersion } from '../../ocsf/index.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import { mappingFiles, programSource } from '../../pipeline/build/load-program.ts';
import type { SourceColumns } from '../../pipeline/build/transformer-source.ts';

/** A lake source of a module here. */
export interface LakeSource {
  readonly name: string;
  readonly className: ClassName;
  readonly classUid: number;
  /** Its fixed columns in the OCSF version that was asked for; undefined where its module does not write that. */
  readonly columns?: readonly Column[];
}

/** What tells the source of an object: its name, or the module that wrote it with the class of the rows. */
export interface SourceQuery {
  readonly name?: string | undefined;
  readonly moduleId?: string | undefined;
  readonly classUid: number;
  /** OCSF version of the rows; undefined where they tell none. */
  readonly version: string | undefined;
}

/** The lake source that is meant; undefined where no module here has it. */
export type FindSource = (query: SourceQuery) => LakeSource | undefined;

/** Looks among the sources of these modules. */
export function sourcesOf(modules: readonly LoadedModule[]): FindSource {
  /** Of each module and version, whose mappings are compiled once for all of its sources. */
  const compiled = new Map<string, readonly SourceColumns[]>();
  return ({ name, moduleId, classUid, version }) => {
    for (const loaded of modules) {
      for (const own of lakeSourcesOf([loaded])) {
        const uid = ocsfSchema().classes[own.className]?.uid;
        const isMeant = name === undefined ? loaded.id === moduleId && uid === classUid : own.name === name;
        if (!isMeant || uid === undefined) continue;
        const compiledOnes = version === undefined ? [] : compiledSources(loaded, version);
        const columns = compiledOnes.find((candidate) => candidate.class === own.className)?.columns;
        const className = own.className as ClassName;
        return { name: own.name, className, classUid: uid, ...(columns ? { columns } : {}) };
      }
    }
    return undefined;
  };

  function compiledSources(loaded: LoadedModule, version: string): readonly SourceColumns[] {
    const key = `${loaded.id} ${version}`;
    const sources = compiled.get(key) ?? sourcesIn(loaded, version);
    compiled.set(key, sources);
    return sources;
  }
}

function sourcesIn(loaded: LoadedModule, version: string): readonly SourceColumns[] {
  try {
    return programSource(mappingFiles(loaded.folder, loaded.mappings), version as OcsfVersion).sources;
  } catch {
    // The module does not write this version, so it says nothing about its columns.
    return [];
  }
}
