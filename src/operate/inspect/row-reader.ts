// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

/** A row as OCSF has it; what Parquet has no value for is absent. */
export type Row = Readonly<Record<string, unknown>>;

/** Reads the rows of files with DuckDB, an engine that shares no code with our writer. */
export interface RowReader {
  /** Rows in the order of the file, some thousands at a time; throws an Error for a file that DuckDB cannot read. */
  read(path: string): AsyncIterable<readonly Row[]>;
  close(): void;
}

/** As much memory as a file may take to be read, whatever its footer says. */
const MEMORY = '1GB';

export function openRowReader(): RowReader {
  const folder = mkdtempSync(join(tmpdir(), 'slake-inspect-'));
  let count = 0;
  let instance: DuckDBInstance | undefined;

  return {
    async *read(path) {
      // A name of its own: DuckDB takes brackets and stars in a path for a pattern.
      const link = join(folder, `${count++}.parquet`);
      symlinkSync(resolve(path), link);
      instance ??= await DuckDBInstance.create(':memory:', {
        memory_limit: MEMORY,
        threads: '1',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      });
      const connection = await instance.connect();
      try {
        const result = await connection.stream(`select * from read_parquet('${link}')`);
        const names = result.columnNames();
        const types = result.columnTypes();
        for await (const rows of result.yieldRows()) {
          yield rows.map((values) =>
            objectOf(names.map((name, at) => [name, plain(values[at] as DuckDBValue, types[at] as DuckDBType)])),
          );
        }
      } catch (error) {
        // After an internal error an instance answers nothing any more.
        instance = undefined;
        throw error;
      } finally {
        connection.closeSync();
        rmSync(link);
      }
    },
    close() {
      instance?.closeSync();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function objectOf(entries: readonly (readonly [string, unknown])[]): Row {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** A value as JSON would have it; bytes stay bytes, since no attribute of OCSF has any. */
function plain(value: DuckDBValue, type: DuckDBType): unknown {
  if (value === null) return undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object') return value;
  if (value instanceof DuckDBStructValue && type instanceof DuckDBStructType) {
    return objectOf(
      type.entryNames.map((name, at) => [
        name,
        plain(value.entries[name] as DuckDBValue, type.entryTypes[at] as DuckDBType),
      ]),
    );
  }
  if (value instanceof DuckDBListValue && type instanceof DuckDBListType) return items(value.items, type.valueType);
  if (value instanceof DuckDBArrayValue && type instanceof DuckDBArrayType) return items(value.items, type.valueType);
  if (value instanceof DuckDBMapValue && type instanceof DuckDBMapType) {
    return objectOf(value.entries.map((entry) => [String(entry.key), plain(entry.value, type.valueType)]));
  }
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBBlobValue) return value.bytes;
  const time = timeOf(value);
  return time === undefined ? String(value) : time;
}

function items(values: readonly DuckDBValue[], type: DuckDBType): unknown[] {
  return values.map((value) => plain(value, type)).filter((value) => value !== undefined);
}

/** RFC 3339 text of a timestamp, as `datetime_t` has it. */
function timeOf(value: object): string | undefined {
  let ms: number | undefined;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    ms = Number(value.micros / 1000n);
  } else if (value instanceof DuckDBTimestampMillisecondsValue) ms = Number(value.millis);
  else if (value instanceof DuckDBTimestampSecondsValue) ms = Number(value.seconds) * 1000;
  else if (value instanceof DuckDBTimestampNanosecondsValue) ms = Number(value.nanos / 1_000_000n);
  if (ms === undefined) return undefined;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString();
}
