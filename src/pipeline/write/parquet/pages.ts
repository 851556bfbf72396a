// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { ByteBuffer } from './byte-buffer.ts';
import { bitWidth, encodeHybrid, hybridBytes, type Levels } from './levels.ts';
import { ThriftWriter } from './thrift.ts';
import { ZstdFrames } from './zstd.ts';

/** Numbers of the Parquet format. @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
export const Encoding = { plain: 0, rle: 3, rleDictionary: 8 } as const;
export const PageType = { data: 0, dictionary: 2 } as const;

/** Room for what a page holds besides entries: lengths, a bit width and the padding of the last groups. */
const PAGE_OVERHEAD = 128;

/** Smallest and largest value of a chunk in PLAIN form; `exact` is false where a long text was cut. */
export interface Bound {
  readonly bytes: Uint8Array;
  readonly exact: boolean;
}

export interface Bounds {
  readonly min?: Bound;
  readonly max?: Bound;
}

/** A finished column chunk: compressed pages and what the footer says of them. */
export interface ColumnChunk {
  /** Page headers and bodies in file order, the dictionary page first. */
  readonly pages: readonly Uint8Array[];
  /** Size of the dictionary page with its header; 0 without one. */
  readonly dictionaryBytes: number;
  readonly dictionaryPages: number;
  readonly plainPages: number;
  /** Values and nulls. */
  readonly entries: number;
  readonly nulls: number;
  /** Sizes with page headers. */
  readonly uncompressedBytes: number;
  readonly compressedBytes: number;
  readonly bounds: Bounds;
}

/** A place between two entries: how many entries, values and bytes of values lie before it. */
export interface Cut {
  readonly entry: number;
  readonly value: number;
  readonly position: number;
}

/** Where pages are made, one at a time, and how large they may get. */
export class PageSpace {
  /** Most bytes of a page before compression. */
  readonly limit: number;
  readonly body = new ByteBuffer();
  readonly header = new ByteBuffer(64);
  readonly frames = new ZstdFrames();

  constructor(limit: number) {
    this.limit = limit;
  }
}

/** Encodes and compresses the pages of one column chunk. */
export class ChunkPages {
  readonly #space: PageSpace;
  readonly #pages: Uint8Array[] = [];
  #dictionaryBytes = 0;
  #dictionaryPages = 0;
  #plainPages = 0;
  #entries = 0;
  #nulls = 0;
  #uncompressedBytes = 0;
  #compressedBytes = 0;

  constructor(space: PageSpace) {
    this.#space = space;
  }

  get limit(): number {
    return this.#space.limit;
  }

  /** Adds the dictionary page: `entries` values in PLAIN form. It comes before all data pages. */
  dictionary(entries: number, write: (body: ByteBuffer) => void): void {
    const { body } = this.#space;
    body.length = 0;
    write(body);
    this.#add((header, compressed) => {
      header.i32(1, PageType.dictionary);
      header.i32(2, body.length);
      header.i32(3, compressed);
      header.struct(7, (page) => {
        page.i32(1, entries);
        page.i32(2, Encoding.plain);
      });
    });
    this.#dictionaryBytes = this.#compressedBytes;
  }

  /** Adds a data page of indices into the dictionary. */
  indices(levels: Levels, from: Cut, to: Cut, indices: Uint32Array, width: number): void {
    this.#data(levels, from, to, Encoding.rleDictionary, (body) => {
      body.byte(width);
      encodeHybrid(body, indices, from.value, to.value, width);
    });
    this.#dictionaryPages++;
  }

  /** Adds a data page of values in PLAIN form. */
  plain(levels: Levels, from: Cut, to: Cut, write: (body: ByteBuffer) => void): void {
    this.#data(levels, from, to, Encoding.plain, write);
    this.#plainPages++;
  }

  /** The finished chunk. */
  chunk(bounds: Bounds): ColumnChunk {
    return {
      pages: this.#pages,
      dictionaryBytes: this.#dictionaryBytes,
      dictionaryPages: this.#dictionaryPages,
      plainPages: this.#plainPages,
      entries: this.#entries,
      nulls: this.#nulls,
      uncompressedBytes: this.#uncompressedBytes,
      compressedBytes: this.#compressedBytes,
      bounds,
    };
  }

  #data(levels: Levels, from: Cut, to: Cut, encoding: number, write: (body: ByteBuffer) => void): void {
    const { body } = this.#space;
    const entries = to.entry - from.entry;
    this.#entries += entries;
    this.#nulls += entries - (to.value - from.value);
    body.length = 0;
    levels.encode(body, from.entry, to.entry);
    write(body);
    this.#add((header, compressed) => {
      header.i32(1, PageType.data);
      header.i32(2, body.length);
      header.i32(3, compressed);
      header.struct(5, (page) => {
        page.i32(1, entries);
        page.i32(2, encoding);
        page.i32(3, Encoding.rle);
        page.i32(4, Encoding.rle);
      });
    });
  }

  #add(describe: (header: ThriftWriter, compressedBytes: number) => void): void {
    const { body, header } = this.#space;
    const compressed = this.#space.frames.frame(body.view());
    header.length = 0;
    const writer = new ThriftWriter(header);
    describe(writer, compressed.length);
    writer.end();
    // One right-sized copy: what zlib returns keeps a larger block alive, however little it holds.
    const page = new Uint8Array(header.length + compressed.length);
    page.set(header.view());
    page.set(compressed, header.length);
    this.#pages.push(page);
    this.#uncompressedBytes += header.length + body.length;
    this.#compressedBytes += page.length;
  }
}

/** The beginning of a chunk. */
const START: Cut = { entry: 0, value: 0, position: 0 };

/**
 * Decides where pages end so that none passes `limit` bytes before compression. A page ends between two rows; only
 * the entries of a row that is larger than a page are spread over several, and only a single value that is larger
 * than `limit` has a larger page, which it then has to itself.
 *
 * @param bytesOf bytes of the given value in the page
 * @param chunkEnd where the entries to be written end
 * @returns the end of each page; the last is `chunkEnd`
 */
function pageEnds(levels: Levels, limit: number, bytesOf: (value: number) => number, chunkEnd: Cut): Cut[] {
  const { definitions, maxDefinition, bytesPerEntry } = levels;
  if (chunkEnd.entry === 0) return [];
  if (PAGE_OVERHEAD + chunkEnd.entry * bytesPerEntry + chunkEnd.position <= limit) return [chunkEnd];
  const ends: Cut[] = [];
  let start = 0;
  let size = PAGE_OVERHEAD;
  let value = 0;
  let position = 0;
  let row = START;
  let sizeBeforeRow = size;
  for (let entry = 0; entry < chunkEnd.entry; entry++) {
    if (levels.startsRow(entry)) {
      row = { entry, value, position };
      sizeBeforeRow = size;
    }
    const present = definitions[entry] === maxDefinition;
    const valueBytes = present ? bytesOf(value) : 0;
    while (size + bytesPerEntry + valueBytes > limit && entry > start) {
      const end = row.entry > start ? row : { entry, value, position };
      size = end === row ? PAGE_OVERHEAD + size - sizeBeforeRow : PAGE_OVERHEAD;
      sizeBeforeRow = PAGE_OVERHEAD;
      start = end.entry;
      ends.push(end);
    }
    size += bytesPerEntry + valueBytes;
    position += valueBytes;
    if (present) value++;
  }
  ends.push(chunkEnd);
  return ends;
}

/** Values in PLAIN form. */
export interface PlainValues {
  readonly count: number;
  /** Of all of them. */
  readonly bytes: number;
  bytesOf(value: number): number;
  /** Appends the values `from` to `to`. */
  write(body: ByteBuffer, from: number, to: number): void;
}

/** Writes all values in full as data pages. */
export function plainPages(pages: ChunkPages, levels: Levels, values: PlainValues): void {
  const end = { entry: levels.count, value: values.count, position: values.bytes };
  let from = START;
  for (const to of pageEnds(levels, pages.limit, (value) => values.bytesOf(value), end)) {
    const { value } = from;
    pages.plain(levels, from, to, (body) => values.write(body, value, to.value));
    from = to;
  }
}

/** Writes all indices into a dictionary of `entries` values as data pages. */
export function indexPages(pages: ChunkPages, levels: Levels, indices: Uint32Array, entries: number): void {
  // One entry would do with no bits at all, which not every reader expects.
  const width = Math.max(1, bitWidth(entries - 1));
  const bytes = hybridBytes(width);
  const end = { entry: levels.count, value: indices.length, position: indices.length * bytes };
  let from = START;
  for (const to of pageEnds(levels, pages.limit, () => bytes, end)) {
    pages.indices(levels, from, to, indices, width);
    from = to;
  }
}
