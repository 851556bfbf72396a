// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { Finding, Rule } from '../../findings/index.ts';
import { lakeSourcesOf } from '../../infra/app.ts';
import type { LoadedModule } from '../../module/load.ts';
import type { Column, OcsfVersion } from '../../ocsf/index.ts';
import { mappingFiles, programSource } from '../../pipeline/build/load-program.ts';
import { lakePathOf } from './lake-object.ts';
import { readParquet } from './parquet-file.ts';
import { judge, lakeRules, unreadable } from './rules.ts';

/** Every rule that an object is held against. */
export const inspectionRules: readonly Rule[] = [unreadable, ...lakeRules];

/** What was found in one object. */
export interface Inspection {
  readonly name: string;
  readonly bytes: number;
  /** Absent where the object cannot be read. */
  readonly rows?: number;
  readonly rowGroups?: number;
  readonly pages?: number;
  readonly createdBy?: string;
  readonly findings: readonly Finding[];
}

/** Inspects one object; `name` is its path or key, which tells source and partition. Never throws for a bad object. */
export async function inspectObject(name: string, bytes: Uint8Array, columns: SourceColumns): Promise<Inspection> {
  const path = lakePathOf(name);
  try {
    const facts = readParquet(bytes);
    const rows = await facts.readRows();
    const version = String((rows[0]?.metadata as { version?: unknown } | undefined)?.version);
    const own = path.source === undefined ? undefined : columns(path.source, version);
    const findings = await judge({ name, path, facts, rows, ...(own ? { columns: own } : {}) });
    return {
      name,
      bytes: bytes.byteLength,
      rows: facts.rows,
      rowGroups: facts.rowGroups.length,
      pages: facts.pages.length,
      ...(facts.createdBy === undefined ? {} : { createdBy: facts.createdBy }),
      findings,
    };
  } catch (error) {
    const message = (error as Error).message.split('\n')[0] ?? 'it cannot be read';
    const finding: Finding = { code: unreadable.code, level: unreadable.level, message, place: { file: name } };
    return { name, bytes: bytes.byteLength, findings: [finding] };
  }
}

/** The fixed columns of a lake source in an OCSF version; undefined where no module has that source. */
export type SourceColumns = (source: string, version: string) => readonly Column[] | undefined;

export function columnsOf(modules: readonly LoadedModule[]): SourceColumns {
  const known = new Map<string, readonly Column[] | undefined>();
  return (source, version) => {
    const key = `${source} ${version}`;
    if (!known.has(key)) known.set(key, derive(modules, source, version));
    return known.get(key);
  };
}

function derive(modules: readonly LoadedModule[], source: string, version: string): readonly Column[] | undefined {
  for (const loaded of modules) {
    const own = lakeSourcesOf([loaded]).find(({ name }) => name === source);
    if (!own) continue;
    try {
      const { sources } = programSource(mappingFiles(loaded.folder, loaded.mappings), version as OcsfVersion);
      return sources.find((candidate) => candidate.class === own.className)?.columns;
    } catch {
      // The module does not write this version, so it says nothing about its columns.
      return undefined;
    }
  }
  return undefined;
}
