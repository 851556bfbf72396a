// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Where every event that was sent is now. */
export interface Account {
  /** Ids that are neither in the lake nor in rejected/. */
  readonly missing: readonly string[];
  /** Ids in the lake or in rejected/ that nobody sent. */
  readonly unknown: readonly string[];
  /** Ids that are in the lake and in rejected/. */
  readonly both: readonly string[];
  /** `metadata.uid` of rows that are in the lake several times but differ. */
  readonly unequal: readonly string[];
  /** Events. */
  readonly inLake: number;
  readonly rejected: number;
  /** Rows whose `metadata.uid` is in the lake already, and rejected events that stand there already. */
  readonly doubles: number;
}

/** Counts every event by id; `lake` and `rejected` are objects by key. */
export async function account(
  sent: ReadonlySet<string>,
  lake: ReadonlyMap<string, Uint8Array>,
  rejected: ReadonlyMap<string, Uint8Array>,
  folder: string,
): Promise<Account> {
  const rows = await lakeRows(lake, folder);
  const rejectedIds = [...rejected.values()].flatMap(idsOfRejected);
  const inLake = new Set(rows.map(({ uid }) => eventOf(uid)));
  const inRejected = new Set(rejectedIds);
  const found = new Set([...inLake, ...inRejected]);
  return {
    missing: [...sent].filter((id) => !found.has(id)),
    unknown: [...found].filter((id) => !sent.has(id)),
    both: [...inLake].filter((id) => inRejected.has(id)),
    unequal: rows.filter(({ forms }) => forms > 1).map(({ uid }) => uid),
    inLake: inLake.size,
    rejected: inRejected.size,
    doubles: rows.reduce((sum, { copies }) => sum + copies - 1, 0) + rejectedIds.length - inRejected.size,
  };
}

/** `metadata.uid` is the event's id, with `#n` where one event makes several rows. */
function eventOf(uid: string): string {
  return uid.replace(/#\d+$/, '');
}

function idsOfRejected(body: Uint8Array): string[] {
  return Buffer.from(body)
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { original } = JSON.parse(line) as { original: string };
      return (JSON.parse(original) as { id: string }).id;
    });
}

interface Row {
  readonly uid: string;
  /** How often it is in the lake. */
  readonly copies: number;
  /** Different rows with this uid. */
  readonly forms: number;
}

/** Reads the Parquet with DuckDB, an engine that shares no code with the writer. */
async function lakeRows(objects: ReadonlyMap<string, Uint8Array>, folder: string): Promise<Row[]> {
  for (const [key, body] of objects) {
    const file = join(folder, key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
  }
  if (objects.size === 0) return [];
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const rows: Row[] = [];
    // A source has columns of its own.
    for (const source of readdirSync(folder)) {
      const reader = await connection.runAndReadAll(
        `select metadata.uid as uid, count(*)::int as copies, count(distinct row::varchar)::int as forms
           from read_parquet('${join(folder, source)}/**/*.parquet', hive_partitioning = false) as row group by all`,
      );
      for (const row of reader.getRowObjectsJS()) {
        rows.push({ uid: String(row.uid), copies: Number(row.copies), forms: Number(row.forms) });
      }
    }
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
