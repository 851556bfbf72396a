// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { zstdFrame } from './zstd.ts';

test.each([0, 1, 127, 255, 256, 1_000, 200_000, 1_048_576])('a frame of %i bytes gives them back', (length) => {
  const random = Uint8Array.from({ length }, (_, index) => Math.imul(index + 1, 2_654_435_761) >>> 24);
  for (const bytes of [random, new Uint8Array(length).fill(7)]) {
    const frame = zstdFrame(bytes);
    expect(Buffer.compare(zstdDecompressSync(frame), bytes)).toBe(0);
    expect(frame.length).toBeLessThan(length * 1.01 + 20);
  }
});
