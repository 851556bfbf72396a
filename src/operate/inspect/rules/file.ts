// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../../errors/counted.ts';
import type { Rule } from '../../../findings/index.ts';
import { grouped, type LakeRule } from '../rule.ts';

const MOST_GROUP_BYTES = 256 * 1024 * 1024;

/** An object that cannot be read at all; nothing else is looked at then. */
export const unreadable: Rule = {
  code: 'LAKE-FILE-001',
  title: 'The object is a Parquet file that can be read',
  level: 'error',
  why: 'An object that no reader understands makes every query over its partition fail.',
  how: 'Magic numbers, footer, page headers and every row are read; not checked where the codec is LZO or LZ4 (not LZ4_RAW).',
  fix: 'Write the object again from its raw object.',
};

/** What Security Lake asks of a file, whatever is in it. */
export const fileRules: readonly LakeRule[] = [
  {
    code: 'LAKE-FORMAT-001',
    title: 'The format version is 1 or 2',
    level: 'error',
    why: 'Security Lake reads versions 1.x and 2.x of Parquet.',
    how: 'The version in the footer.',
    fix: 'Write with version 1.0 or 2.x.',
    look: ({ file }) => ([1, 2].includes(file.formatVersion) ? [] : [`the format version is ${file.formatVersion}`]),
  },
  {
    code: 'LAKE-PAGE-001',
    title: 'A data page has at most 1 MB, uncompressed',
    level: 'error',
    why: 'Readers hold a page in memory as a whole; Security Lake asks for at most 1 MB.',
    how: 'The header of every page; 1 MB are 1,048,576 bytes.',
    fix: 'Lower the data page size of the writer; some count rows instead of bytes.',
    look({ file: { pages } }) {
      if (pages.tooLarge === 0 || !pages.largest) return [];
      const { column, uncompressedBytes } = pages.largest;
      const { tooLarge, count } = pages;
      return [
        `${tooLarge} of ${counted(count, 'page')} ${tooLarge === 1 ? 'is' : 'are'} larger, the largest has ${grouped(uncompressedBytes)} bytes (${column})`,
      ];
    },
  },
  {
    code: 'LAKE-GROUP-001',
    title: 'A row group has at most 256 MB, compressed',
    level: 'error',
    why: 'A query reads row groups side by side; Security Lake asks for at most 256 MB.',
    how: 'The sizes of the column chunks in the footer.',
    fix: 'Begin a new row group earlier.',
    look: ({ file }) =>
      file.rowGroups.flatMap(({ compressedBytes }, at) =>
        compressedBytes > MOST_GROUP_BYTES ? [`row group ${at} has ${grouped(compressedBytes)} bytes`] : [],
      ),
  },
  {
    code: 'LAKE-CODEC-001',
    title: 'Columns are compressed with zstandard',
    level: 'warning',
    why: 'Security Lake prefers zstandard; other codecs cost more storage and more to read.',
    how: 'The codec of each column in the footer.',
    fix: 'Write with compression zstd.',
    look({ file }) {
      const others = file.codecs.filter((codec) => codec !== 'ZSTD');
      return others.length === 0 ? [] : [`columns are compressed with ${others.join(', ')}`];
    },
  },
  {
    code: 'LAKE-LIST-001',
    title: 'Repeated fields stand in a LIST or MAP of three levels',
    level: 'error',
    why: 'Athena and others refuse a repeated field outside of them, and with it the whole file.',
    how: 'The schema in the footer.',
    fix: 'Write lists as <name> (LIST) > repeated group list > element.',
    look: ({ file }) => file.badlyRepeated,
  },
];
