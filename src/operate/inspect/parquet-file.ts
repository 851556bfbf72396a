// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type FileMetaData, parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';

/** A page of a column chunk, as its header describes it. */
export interface Page {
  /** Dotted path of the column. */
  readonly column: string;
  readonly kind: 'data' | 'dictionary';
  readonly uncompressedBytes: number;
}

/** A Parquet file as far as its metadata and page headers tell. */
export interface ParquetFacts {
  readonly formatVersion: number;
  readonly createdBy: string | undefined;
  readonly rows: number;
  readonly rowGroups: readonly { readonly compressedBytes: number; readonly rows: number }[];
  readonly codecs: readonly string[];
  readonly pages: readonly Page[];
  readonly schema: readonly SchemaElement[];
  /** Every row as plain values: maps as objects, 64-bit integers as numbers, nulls left out. */
  readonly readRows: () => Promise<Record<string, unknown>[]>;
}

const MAGIC = 'PAR1';
const MAGIC_ENCRYPTED = 'PARE';

/**
 * Reads a file with hyparquet, which shares no code with our writer. Throws an Error that says in a few words what is
 * wrong with a file that cannot be read.
 * @see https://github.com/apache/parquet-format
 */
export function readParquet(bytes: Uint8Array): ParquetFacts {
  const buffer = new Uint8Array(bytes).buffer;
  const metadata = metadataOf(buffer);
  return {
    formatVersion: metadata.version,
    createdBy: metadata.created_by,
    rows: Number(metadata.num_rows),
    rowGroups: metadata.row_groups.map(({ columns, num_rows }) => ({
      compressedBytes: columns.reduce((sum, { meta_data: meta }) => sum + Number(meta?.total_compressed_size ?? 0), 0),
      rows: Number(num_rows),
    })),
    codecs: [
      ...new Set(metadata.row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec ?? ''))),
    ],
    pages: pagesOf(buffer, metadata),
    schema: metadata.schema,
    async readRows() {
      const rows = await parquetReadObjects({ file: buffer, metadata, compressors });
      return rows.map((row) => plain(row) as Record<string, unknown>);
    },
  };
}

const compressors = {
  ZSTD: (input: Uint8Array) => zstdDecompressSync(input),
  GZIP: (input: Uint8Array) => gunzipSync(input),
  BROTLI: (input: Uint8Array) => brotliDecompressSync(input),
};

function metadataOf(buffer: ArrayBuffer): FileMetaData {
  if (buffer.byteLength === 0) throw new Error('the file is empty');
  const text = (from: number) => Buffer.from(buffer, from, 4).toString('latin1');
  const isLong = buffer.byteLength >= 12;
  if (isLong && text(buffer.byteLength - 4) === MAGIC_ENCRYPTED) throw new Error('the file is encrypted');
  if (!isLong || text(0) !== MAGIC) throw new Error('the file is no Parquet: it does not begin with PAR1');
  if (text(buffer.byteLength - 4) !== MAGIC) throw new Error('the file is cut off: it does not end with PAR1');
  try {
    return parquetMetadata(buffer);
  } catch (error) {
    throw new Error(`its footer cannot be read: ${(error as Error).message.split('\n')[0]}`);
  }
}

function pagesOf(buffer: ArrayBuffer, metadata: FileMetaData): Page[] {
  const pages: Page[] = [];
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data: meta } of columns) {
      if (!meta) continue;
      const column = meta.path_in_schema.join('.');
      const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset);
      const end = start + Number(meta.total_compressed_size);
      const reader = { view: new DataView(buffer), offset: start };
      while (reader.offset < end) {
        const header = deserializeTCompactProtocol(reader);
        if (typeof header.field_2 !== 'number' || typeof header.field_3 !== 'number') {
          throw new Error(`the pages of ${column} cannot be read`);
        }
        pages.push({ column, kind: header.field_1 === 2 ? 'dictionary' : 'data', uncompressedBytes: header.field_2 });
        reader.offset += header.field_3;
      }
    }
  }
  return pages;
}

/** Values as OCSF has them; what Parquet has no value for is absent. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.filter((item) => item !== null && item !== undefined).map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null || item === undefined ? [] : [[key, plain(item)]])),
  );
}
