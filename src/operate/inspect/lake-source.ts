// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { lakeSourcesOf } from '../../infra/app.ts';
import type { LoadedModule } from '../../module/load.ts';
import type { ClassName, Column, OcsfVersion } from '../../ocsf/index.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import { mappingFiles, programSource } from '../../pipeline/build/load-program.ts';

/** A lake source of a module here, in one OCSF version. */
export interface LakeSource {
  readonly name: string;
  readonly className: ClassName;
  readonly classUid: number;
  /** Its fixed columns. */
  readonly columns: readonly Column[];
}

/** What tells the source of an object: its name, or the module that wrote it with the class of the rows. */
export interface SourceQuery {
  readonly name?: string | undefined;
  readonly moduleId?: string | undefined;
  readonly classUid: number;
  readonly version: string;
}

/** The lake source that is meant; undefined where no module here has it, or not in this version. */
export type FindSource = (query: SourceQuery) => LakeSource | undefined;

/** Looks among the sources of these modules. */
export function sourcesOf(modules: readonly LoadedModule[]): FindSource {
  const known = new Map<string, LakeSource | undefined>();
  return ({ name, moduleId, classUid, version }) => {
    const key = `${name ?? `${moduleId} ${classUid}`} ${version}`;
    if (!known.has(key)) known.set(key, find({ name, moduleId, classUid, version }));
    return known.get(key);
  };

  function find({ name, moduleId, classUid, version }: SourceQuery): LakeSource | undefined {
    for (const loaded of modules) {
      for (const own of lakeSourcesOf([loaded])) {
        const uid = ocsfSchema().classes[own.className]?.uid;
        const isMeant = name === undefined ? loaded.id === moduleId && uid === classUid : own.name === name;
        if (!isMeant || uid === undefined) continue;
        const columns = columnsOf(loaded, own.className, version);
        const className = own.className as ClassName;
        return columns && { name: own.name, className, classUid: uid, columns };
      }
    }
    return undefined;
  }
}

function columnsOf(loaded: LoadedModule, className: string, version: string): readonly Column[] | undefined {
  try {
    const { sources } = programSource(mappingFiles(loaded.folder, loaded.mappings), version as OcsfVersion);
    return sources.find((candidate) => candidate.class === className)?.columns;
  } catch {
    // The module does not write this version, so it says nothing about its columns.
    return undefined;
  }
}
