// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ZstdFrames } from './zstd.ts';

test.each([0, 1, 127, 255, 256, 1_000, 200_000, 1_048_576])('a frame of %i bytes gives them back', (length) => {
  const random = Buffer.from(Uint8Array.from({ length }, (_, index) => Math.imul(index + 1, 2_654_435_761) >>> 24));
  const frames = new ZstdFrames();
  for (const bytes of [random, Buffer.alloc(length, 7), random, Buffer.alloc(length, 7)]) {
    const frame = frames.frame(bytes);
    expect(Buffer.compare(zstdDecompressSync(frame), bytes)).toBe(0);
    expect(frame.length).toBeLessThan(length * 1.01 + 20);
  }
});

test('equal pages are compressed once, and each page has its own frame however many there are', () => {
  const frames = new ZstdFrames();
  const page = (number: number) => Buffer.alloc(10_000, `page ${number}`);
  const first = frames.frame(page(0));
  expect(frames.frame(page(0))).toBe(first);
  for (let number = 0; number < 1_000; number += 1) {
    expect(zstdDecompressSync(frames.frame(page(number))).equals(page(number))).toBe(true);
  }
  // Forgotten since, so that what is held stays small.
  expect(frames.frame(page(0))).not.toBe(first);
});
