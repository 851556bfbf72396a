// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { constants, zstdCompressSync } from 'node:zlib';

const PARAMS = { [constants.ZSTD_c_compressionLevel]: 3 };
/** Up to here setting up the compressor takes far longer than the few bytes it would save are worth. */
const STORED = 255;
const MAGIC = 0xfd2fb528;
/** A single segment, whose size follows in one byte; no checksum, no dictionary. */
const DESCRIPTOR = 0x20;
const HEADER_BYTES = 9;

/** Longest page of which equal ones are looked for. */
const LONGEST_KNOWN = 16 * 1024;
/** Bytes of known pages that are held at most, before compression. */
const KNOWN_BYTES = 4 * 1024 * 1024;

/**
 * Compresses pages. Many columns of a file have the same levels and the same pattern of values, and so the same pages:
 * those are compressed once.
 */
export class ZstdFrames {
  readonly #known = new Map<string, Uint8Array>();
  #bytes = 0;

  /**
   * The bytes as one zstd frame. Few bytes, as the pages of most columns are, stand in it as they are.
   * @see https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.1
   */
  frame(bytes: Buffer): Uint8Array {
    if (bytes.length <= STORED) return stored(bytes);
    if (bytes.length > LONGEST_KNOWN) return compressed(bytes);
    const page = bytes.toString('latin1');
    const known = this.#known.get(page);
    if (known) return known;
    // A copy: what zlib returns keeps a larger block alive.
    const frame = new Uint8Array(compressed(bytes));
    this.#keep(page, frame);
    return frame;
  }

  #keep(page: string, frame: Uint8Array): void {
    this.#bytes += page.length;
    if (this.#bytes > KNOWN_BYTES) {
      this.#known.clear();
      this.#bytes = page.length;
    }
    this.#known.set(page, frame);
  }
}

function compressed(bytes: Uint8Array): Uint8Array {
  // Room for all of the result, so that it is made in one go.
  const chunkSize = bytes.length + (bytes.length >> 8) + 64;
  return zstdCompressSync(bytes, { params: PARAMS, chunkSize, pledgedSrcSize: bytes.length });
}

function stored(bytes: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bytes.length);
  frame.writeUInt32LE(MAGIC, 0);
  frame[4] = DESCRIPTOR;
  frame[5] = bytes.length;
  // The only block, and so the last one (bit 0), of type raw (bits 1 and 2 are 0).
  frame.writeUIntLE(1 | (bytes.length << 3), 6, 3);
  frame.set(bytes, HEADER_BYTES);
  return frame;
}
