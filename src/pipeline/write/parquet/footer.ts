// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { LeafType } from '../../../ocsf/column.ts';
import { type ColumnChunk, Encoding, PageType } from './pages.ts';
import type { Leaf, ParquetSchema, SchemaNode } from './schema.ts';
import { ThriftWriter } from './thrift.ts';

const PhysicalType: Readonly<Record<LeafType, number>> = {
  boolean: 0,
  int32: 1,
  int64: 2,
  timestamp: 2,
  double: 5,
  string: 6,
};
const Repetition = { required: 0, optional: 1, repeated: 2 } as const;
const ConvertedType = { string: 0, map: 1, list: 3, timestamp: 9 } as const;
const LogicalType = { string: 1, map: 2, list: 3, timestamp: 8 } as const;
const CODEC_ZSTD = 6;
const FORMAT_VERSION = 2;

/** A finished row group and where in the file it begins. */
export interface RowGroup {
  readonly rows: number;
  readonly offset: number;
  /** One per leaf. */
  readonly chunks: readonly ColumnChunk[];
}

/**
 * The footer of a file (Thrift's FileMetaData), without its length and the closing magic number.
 *
 * @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export function footer(
  schema: ParquetSchema,
  rowGroups: readonly RowGroup[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const file = new ThriftWriter();
  const rows = rowGroups.reduce((sum, group) => sum + group.rows, 0);
  file.i32(1, FORMAT_VERSION);
  file.structs(2, [undefined, ...schema.nodes], (element, node) => {
    if (node !== undefined) return writeNode(element, node);
    element.text(4, 'schema');
    element.i32(5, schema.topLevel);
  });
  file.i64(3, rows);
  file.structs(4, rowGroups, (group, rowGroup) => writeRowGroup(group, rowGroup, schema.leaves));
  const pairs = Object.entries(metadata);
  if (pairs.length > 0)
    file.structs(5, pairs, (pair, [key, value]) => {
      pair.text(1, key);
      pair.text(2, value);
    });
  file.text(6, 'slake');
  // All columns are ordered as their types say; without this, readers distrust the bounds of texts.
  file.structs(7, schema.leaves, (order) => order.struct(1, () => {}));
  return file.end().view();
}

function writeNode(element: ThriftWriter, node: SchemaNode): void {
  const annotation = node.annotation ?? (node.type === 'string' || node.type === 'timestamp' ? node.type : undefined);
  if (node.type !== undefined) element.i32(1, PhysicalType[node.type]);
  element.i32(3, Repetition[node.repetition]);
  element.text(4, node.name);
  if (node.children > 0) element.i32(5, node.children);
  if (annotation === undefined) return;
  element.i32(6, ConvertedType[annotation]);
  element.struct(10, (logical) => {
    logical.struct(LogicalType[annotation], (type) => {
      if (annotation !== 'timestamp') return;
      type.bool(1, true);
      // The unit is a union; its first member is milliseconds.
      type.struct(2, (unit) => unit.struct(1, () => {}));
    });
  });
}

function writeRowGroup(group: ThriftWriter, rowGroup: RowGroup, leaves: readonly Leaf[]): void {
  const { chunks } = rowGroup;
  let offset = rowGroup.offset;
  group.structs(1, chunks, (column, chunk, index) => {
    const leaf = leaves[index] as Leaf;
    column.i64(2, 0);
    column.struct(3, (meta) => writeChunk(meta, leaf, chunk, offset));
    offset += chunk.compressedBytes;
  });
  group.i64(
    2,
    chunks.reduce((sum, chunk) => sum + chunk.uncompressedBytes, 0),
  );
  group.i64(3, rowGroup.rows);
  group.i64(5, rowGroup.offset);
  group.i64(6, offset - rowGroup.offset);
}

function writeChunk(meta: ThriftWriter, leaf: Leaf, chunk: ColumnChunk, offset: number): void {
  const hasDictionary = chunk.dictionaryBytes > 0;
  meta.i32(1, PhysicalType[leaf.type]);
  meta.i32s(2, [Encoding.plain, Encoding.rle, ...(hasDictionary ? [Encoding.rleDictionary] : [])]);
  meta.texts(3, leaf.path);
  meta.i32(4, CODEC_ZSTD);
  meta.i64(5, chunk.entries);
  meta.i64(6, chunk.uncompressedBytes);
  meta.i64(7, chunk.compressedBytes);
  meta.i64(9, offset + chunk.dictionaryBytes);
  if (hasDictionary) meta.i64(11, offset);
  meta.struct(12, (statistics) => writeStatistics(statistics, chunk));
  const pages = [
    { type: PageType.dictionary, encoding: Encoding.plain, count: hasDictionary ? 1 : 0 },
    { type: PageType.data, encoding: Encoding.rleDictionary, count: chunk.dictionaryPages },
    { type: PageType.data, encoding: Encoding.plain, count: chunk.plainPages },
  ];
  meta.structs(
    13,
    pages.filter(({ count }) => count > 0),
    (page, { type, encoding, count }) => {
      page.i32(1, type);
      page.i32(2, encoding);
      page.i32(3, count);
    },
  );
}

function writeStatistics(statistics: ThriftWriter, { nulls, bounds: { min, max } }: ColumnChunk): void {
  statistics.i64(3, nulls);
  if (max !== undefined) statistics.binary(5, max.bytes);
  if (min !== undefined) statistics.binary(6, min.bytes);
  if (max !== undefined) statistics.bool(7, max.exact);
  if (min !== undefined) statistics.bool(8, min.exact);
}
