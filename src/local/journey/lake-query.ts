// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** What one lake source holds, read back with SQL. */
export interface SourceContent {
  /** Name of the custom source. */
  readonly source: string;
  readonly className: string;
  readonly classUid: number;
  readonly rows: number;
  /** Different `metadata.uid`. */
  readonly events: number;
  readonly objects: number;
  readonly bytes: number;
  readonly firstTime: string;
  readonly lastTime: string;
}

/** Reads every source below `ext/` of a downloaded lake with DuckDB, an engine that shares no code with the writer. */
export async function queryLake(
  lakeFolder: string,
): Promise<{ readonly sources: readonly SourceContent[]; readonly example: Record<string, unknown> | undefined }> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const sources: SourceContent[] = [];
    let example: Record<string, unknown> | undefined;
    for (const source of folders(join(lakeFolder, 'ext'))) {
      const folder = join(lakeFolder, 'ext', source);
      const files = parquetFiles(folder);
      if (files.length === 0) continue;
      const from = `read_parquet('${folder.replaceAll("'", "''")}/**/*.parquet', hive_partitioning = true)`;
      const reader = await connection.runAndReadAll(
        `select class_name, class_uid, count(*)::int as n, count(distinct metadata.uid)::int as events,
                strftime(epoch_ms(min(time)), '%Y-%m-%dT%H:%M:%SZ') as first_time,
                strftime(epoch_ms(max(time)), '%Y-%m-%dT%H:%M:%SZ') as last_time
           from ${from} group by all order by class_uid`,
      );
      for (const row of reader.getRowObjectsJS()) {
        sources.push({
          source,
          className: String(row.class_name),
          classUid: Number(row.class_uid),
          rows: Number(row.n),
          events: Number(row.events),
          objects: files.length,
          bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
          firstTime: String(row.first_time),
          lastTime: String(row.last_time),
        });
      }
      if (!example) {
        const one = await connection.runAndReadAll(`select * from ${from} order by time desc limit 1`);
        example = one.getRowObjectsJson()[0] as Record<string, unknown> | undefined;
      }
    }
    return { sources, example };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function folders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .toSorted();
  } catch {
    return [];
  }
}

function parquetFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.parquet'))
    .map((file) => join(folder, file));
}
