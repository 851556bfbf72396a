// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** Text of one raw object, in bytes, before compression; one page may go over it, since a page is never divided. */
export const RAW_OBJECT_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/**
 * Collects lines and compresses them as they come, so that only compressed bytes are held: gzip members one after the
 * other are one gzip file. The same lines give the same bytes.
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-2.2
 */
export class RawObject {
  #members: Buffer[] = [];
  #pending: string[] = [];
  #pendingBytes = 0;
  /** Lines so far. */
  count = 0;
  /** Bytes of text so far. */
  textBytes = 0;

  /** Takes lines without their line feeds. */
  add(lines: Iterable<string>): void {
    for (const line of lines) {
      const bytes = Buffer.byteLength(line) + 1;
      this.#pending.push(line);
      this.#pendingBytes += bytes;
      this.textBytes += bytes;
      this.count += 1;
      if (this.#pendingBytes >= CHUNK_BYTES) this.#compress();
    }
  }

  /** The whole object; nothing can be added after it. */
  finish(): Buffer {
    if (this.#pending.length > 0) this.#compress();
    return Buffer.concat(this.#members);
  }

  #compress(): void {
    this.#members.push(gzipSync(`${this.#pending.join('\n')}\n`, { level: 1 }));
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}

/** The key of a raw object; the day is the UTC day of `firstTime`, when its first event was recorded. */
export function rawKey(module: string, stream: string, firstTime: Date, name: string): string {
  return `raw/${module}/${stream}/${firstTime.toISOString().slice(0, 10)}/${name}.ndjson.gz`;
}

/** The name of the object with `first` to `last` of `origin`: made of what it holds, so writing it again overwrites it. */
export function rawName(origin: string, first: number, last: number, firstTime: Date): string {
  return `${sanitised(origin)}_${first}-${last}_${firstTime.toISOString().replaceAll(':', '')}`;
}

function sanitised(origin: string): string {
  const parts = origin.split('/').map((part) => part.replaceAll(/[^A-Za-z0-9._-]/g, '-'));
  if (parts.join('/') === origin) return parts.join('_');
  // Two origins that differ only in a forbidden character must not share a name.
  return `${parts.join('_')}_${createHash('sha256').update(origin).digest('hex').slice(0, 8)}`;
}
