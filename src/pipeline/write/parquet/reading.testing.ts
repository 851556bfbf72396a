// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import type { Column } from '../../../ocsf/column.ts';
import { compileShredder } from './compile-shredder.ts';
import type { RowOrder } from './row-order.ts';
import { createParquetWriter, type ParquetFile, type ParquetOptions, type Shredder } from './writer.ts';

export type Row = Record<string, unknown>;

/** Writes all rows to one file: as they come, or in the order given. */
export function write(
  options: ParquetOptions,
  rows: Iterable<Row>,
  { shred = compileShredder(options.columns), order }: { shred?: Shredder; order?: RowOrder } = {},
): ParquetFile {
  const writer = createParquetWriter(options, shred);
  for (const row of rows) writer.append(row);
  return writer.write([order ?? asTheyCame(writer.rows)])[0] as ParquetFile;
}

export function asTheyCame(rows: number): RowOrder {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

/** DuckDB as a reader that shares no code with the writer. */
export interface Duck {
  rows(file: ParquetFile): Promise<Row[]>;
  /** Runs SQL in which `$FILE` stands for the file. */
  query(file: ParquetFile, sql: string): Promise<Row[]>;
  close(): void;
}

export async function openDuck(): Promise<Duck> {
  const folder = mkdtempSync(join(tmpdir(), 'slake-parquet-'));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run('SET enable_object_cache = false');
  let files = 0;

  async function query(file: ParquetFile, sql: string): Promise<Row[]> {
    const path = join(folder, `${files++}.parquet`);
    writeFileSync(path, file.bytes);
    const reader = await connection.runAndReadAll(sql.replaceAll('$FILE', `'${path}'`));
    rmSync(path);
    return reader.getRowObjectsJS();
  }

  return {
    query,
    rows: (file) => query(file, 'SELECT * FROM $FILE'),
    close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function readWithHyparquet(file: ParquetFile): Promise<Row[]> {
  const rows = await parquetReadObjects({
    file: bufferOf(file),
    compressors: { ZSTD: (input) => zstdDecompressSync(input) },
  });
  return rows.map((row) => nullsFor(row) as Row);
}

/** With null for each undefined, which hyparquet gives for some nulls inside lists. */
function nullsFor(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(nullsFor);
  if (typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, nullsFor(item)]));
}

export function bufferOf(file: ParquetFile): ArrayBuffer {
  return new Uint8Array(file.bytes).buffer;
}

export interface PageHeader {
  readonly column: string;
  readonly kind: 'data' | 'dictionary';
  readonly uncompressedBytes: number;
  /** Values and nulls. */
  readonly entries: number;
  readonly encoding: number;
  /** What the page holds, decompressed. */
  readonly body: Uint8Array;
}

/** Walks all pages of a file as its headers describe them. */
export function pagesOf(file: ParquetFile): PageHeader[] {
  const buffer = bufferOf(file);
  const pages: PageHeader[] = [];
  for (const { columns } of parquetMetadata(buffer).row_groups) {
    for (const { meta_data: meta } of columns) {
      if (meta === undefined) throw new Error('a column chunk without metadata');
      const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset);
      const end = start + Number(meta.total_compressed_size);
      const reader = { view: new DataView(buffer), offset: start };
      let uncompressed = 0;
      while (reader.offset < end) {
        const headerStart = reader.offset;
        const header = deserializeTCompactProtocol(reader);
        const body = zstdDecompressSync(new Uint8Array(buffer, reader.offset, header.field_3));
        if (body.length !== header.field_2) throw new Error('a page is not as long as its header says');
        uncompressed += reader.offset - headerStart + body.length;
        reader.offset += header.field_3;
        const kind = header.field_1 === 0 ? 'data' : 'dictionary';
        const page = kind === 'data' ? header.field_5 : header.field_7;
        pages.push({
          column: meta.path_in_schema.join('.'),
          kind,
          uncompressedBytes: header.field_2,
          entries: page.field_1,
          encoding: page.field_2,
          body,
        });
      }
      if (reader.offset !== end) throw new Error('pages do not end where the column chunk does');
      if (uncompressed !== Number(meta.total_uncompressed_size)) throw new Error('wrong uncompressed size');
    }
  }
  return pages;
}

/** A map as a reader gives it back: DuckDB as entries, hyparquet as an object. */
export type MapForm = 'entries' | 'object';

/** The row as a reader gives it back. */
export function asRead(row: Row, columns: readonly Column[], maps: MapForm = 'entries'): Row {
  return asReadValue(row, { kind: 'struct', name: '', fields: columns }, maps) as Row;
}

function asReadValue(value: unknown, column: Column, maps: MapForm): unknown {
  if (value === undefined || value === null) return null;
  switch (column.kind) {
    case 'struct':
      return Object.fromEntries(
        column.fields.map((field) => [field.name, asReadValue((value as Row)[field.name], field, maps)]),
      );
    case 'list':
      return (value as unknown[]).map((item) => asReadValue(item, column.element, maps));
    case 'map': {
      const { keys, values } = value as { keys: readonly string[]; values: readonly unknown[] };
      const entries = keys.map((key, at) => {
        const item = values[at];
        return { key: key.toWellFormed(), value: typeof item === 'string' ? item.toWellFormed() : null };
      });
      return maps === 'entries' ? entries : Object.fromEntries(entries.map(({ key, value }) => [key, value]));
    }
    case 'leaf':
      return asReadLeaf(value, column.type);
  }
}

function asReadLeaf(value: unknown, type: string): unknown {
  if (type === 'int64') return BigInt(value as number | bigint);
  if (type === 'timestamp') return new Date(typeof value === 'bigint' ? Number(value) : (value as number | string));
  return typeof value === 'string' ? value.toWellFormed() : value;
}
