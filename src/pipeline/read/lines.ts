// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** A line of a raw object; one that is longer than allowed has no text, only its size. */
export interface Line {
  readonly text: string | undefined;
  /** Length in bytes, without the newline. */
  readonly bytes: number;
}

/**
 * Splits a byte stream at newlines, and only there: U+2028 and a lone CR are text. Lines that are empty, or
 * a CR alone, are passed over.
 * Yields the lines that each chunk completes, since waiting for every single one would take longer than reading it.
 * Memory holds one chunk and one line; of a line above `maxBytes` nothing is held.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<readonly Line[]> {
  let pending: Buffer[] = [];
  let bytes = 0;

  function take(part: Buffer): void {
    bytes += part.length;
    if (bytes > maxBytes) pending = [];
    else if (part.length > 0) pending.push(part);
  }

  function line(): Line | undefined {
    const length = bytes;
    const parts = pending;
    pending = [];
    bytes = 0;
    const only = parts[0];
    if (length === 0 || (length === 1 && only?.[0] === RETURN)) return undefined;
    if (length > maxBytes) return { text: undefined, bytes: length };
    const text = parts.length === 1 && only ? only.toString('utf8') : Buffer.concat(parts).toString('utf8');
    return { text, bytes: length };
  }

  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: Line[] = [];
    let start = 0;
    for (let end = buffer.indexOf(NEWLINE); end !== -1; end = buffer.indexOf(NEWLINE, start)) {
      take(buffer.subarray(start, end));
      start = end + 1;
      const complete = line();
      if (complete) lines.push(complete);
    }
    take(buffer.subarray(start));
    if (lines.length > 0) yield lines;
  }
  const last = line();
  if (last) yield [last];
}
