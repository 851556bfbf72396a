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

/**
 * The bytes as one zstd frame. Few bytes, as the pages of most columns are, stand in it as they are.
 * @see https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.1
 */
export function zstdFrame(bytes: Uint8Array): Uint8Array {
  return bytes.length <= STORED ? stored(bytes) : compressed(bytes);
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
