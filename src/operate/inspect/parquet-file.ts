// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type FileHandle, open } from 'node:fs/promises';
import { type FileMetaData, parquetMetadataAsync } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { type FileColumns, fileColumns } from './file-column.ts';

/** A Parquet file as far as its footer and page headers tell. */
export interface ParquetFile extends FileColumns {
  readonly bytes: number;
  readonly formatVersion: number;
  readonly createdBy: string | undefined;
  readonly rows: number;
  readonly rowGroups: readonly { readonly compressedBytes: number; readonly rows: number }[];
  readonly codecs: readonly string[];
  readonly pages: PageFacts;
}

/** What the page headers say. */
export interface PageFacts {
  readonly count: number;
  /** Data pages above the limit of Security Lake. */
  readonly tooLarge: number;
  readonly largest?: { readonly column: string; readonly uncompressedBytes: number };
}

/** Bytes a data page may have before compression: 1 MB. */
export const MOST_PAGE_BYTES = 1024 * 1024;

const MAGIC = 'PAR1';
const MAGIC_ENCRYPTED = 'PARE';
const SHORTEST = 12;
const DICTIONARY_PAGE = 2;

/**
 * Reads a file with hyparquet, which shares no code with our writer; a column chunk at a time is in memory. Throws an
 * Error that says in a few words what is wrong with a file that cannot be read.
 * @see https://github.com/apache/parquet-format
 */
export async function readParquet(path: string): Promise<ParquetFile> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    await checkMagic(handle, size);
    const metadata = await metadataOf(handle, size);
    const { row_groups: groups } = metadata;
    return {
      bytes: size,
      formatVersion: metadata.version,
      createdBy: metadata.created_by,
      rows: Number(metadata.num_rows),
      rowGroups: groups.map(({ columns, num_rows }) => ({
        compressedBytes: columns.reduce((sum, { meta_data: meta }) => sum + Number(meta?.total_compressed_size), 0),
        rows: Number(num_rows),
      })),
      codecs: [...new Set(groups.flatMap(({ columns }) => columns.map(({ meta_data: meta }) => String(meta?.codec))))],
      pages: await pagesOf(handle, size, metadata),
      ...fileColumns(metadata.schema),
    };
  } finally {
    await handle.close();
  }
}

async function checkMagic(handle: FileHandle, size: number): Promise<void> {
  if (size === 0) throw new Error('the file is empty');
  const text = async (from: number) => Buffer.from(await slice(handle, from, from + 4)).toString('latin1');
  const isLong = size >= SHORTEST;
  const end = isLong ? await text(size - 4) : '';
  if (end === MAGIC_ENCRYPTED) throw new Error('the file is encrypted');
  if (!isLong || (await text(0)) !== MAGIC) throw new Error('the file is no Parquet: it does not begin with PAR1');
  if (end !== MAGIC) throw new Error('the file is cut off: it does not end with PAR1');
}

async function metadataOf(handle: FileHandle, size: number): Promise<FileMetaData> {
  let metadata: FileMetaData;
  try {
    const file = { byteLength: size, slice: (from: number, to = size) => slice(handle, from, to) };
    metadata = await parquetMetadataAsync(file, { geoparquet: false });
  } catch (error) {
    // What the reader runs into is told by it, but not where it trips over bytes that are no footer.
    const isTripped = error instanceof TypeError || error instanceof RangeError;
    const why = isTripped ? 'it does not hold what a footer holds' : (error as Error).message.split('\n')[0];
    throw new Error(`its footer cannot be read: ${why}`, { cause: error });
  }
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data: meta, encrypted_column_metadata: encrypted, crypto_metadata: crypto } of columns) {
      if (encrypted || crypto) throw new Error('columns of the file are encrypted');
      if (!meta) throw new Error('its footer does not describe all columns');
    }
  }
  return metadata;
}

async function pagesOf(handle: FileHandle, size: number, { row_groups: groups }: FileMetaData): Promise<PageFacts> {
  let [count, tooLarge] = [0, 0];
  let largest: PageFacts['largest'];
  for (const { columns } of groups) {
    for (const { meta_data: meta } of columns) {
      if (!meta) continue;
      const column = meta.path_in_schema.join('.');
      const start = chunkStart(meta);
      if (start === 0 && Number(meta.num_values) === 0) continue;
      const end = start + Number(meta.total_compressed_size);
      if (!(start >= MAGIC.length && end >= start && end <= size)) {
        throw new Error(`the pages of ${column} lie outside of the file`);
      }
      const reader = { view: new DataView(await slice(handle, start, end)), offset: 0 };
      while (reader.offset < end - start) {
        const { type, uncompressedBytes } = nextPage(reader, column);
        count += 1;
        if (type === DICTIONARY_PAGE) continue;
        if (uncompressedBytes > MOST_PAGE_BYTES) tooLarge += 1;
        if (uncompressedBytes > (largest?.uncompressedBytes ?? -1)) largest = { column, uncompressedBytes };
      }
    }
  }
  return { count, tooLarge, ...(largest ? { largest } : {}) };
}

/**
 * Where the pages of a column begin, 0 where it has none. Some writers set the offset of a page that is not there to 0:
 * of a dictionary, or of the data of a row group without rows.
 */
function chunkStart(meta: { readonly dictionary_page_offset?: bigint; readonly data_page_offset: bigint }): number {
  const offsets = [meta.data_page_offset, meta.dictionary_page_offset ?? 0n].map(Number);
  const set = offsets.filter((offset) => !(offset <= 0));
  return set.length === 0 ? 0 : Math.min(...set);
}

/** Reads a page header (PageHeader of parquet.thrift: 1 type, 2 uncompressed size, 3 compressed size) and skips the page. */
function nextPage(reader: { view: DataView; offset: number }, column: string) {
  const { field_1: type, field_2: uncompressedBytes, field_3: compressedBytes } = headerAt(reader, column);
  if (typeof uncompressedBytes !== 'number' || typeof compressedBytes !== 'number' || compressedBytes < 0) {
    throw new Error(`the pages of ${column} cannot be read`);
  }
  reader.offset += compressedBytes;
  return { type: Number(type), uncompressedBytes };
}

function headerAt(reader: { view: DataView; offset: number }, column: string) {
  try {
    return deserializeTCompactProtocol(reader);
  } catch (error) {
    throw new Error(`the pages of ${column} cannot be read`, { cause: error });
  }
}

async function slice(handle: FileHandle, from: number, to: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(to - from);
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) throw new Error('the file is cut off');
    done += bytesRead;
  }
  return bytes.buffer;
}
