// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What a Lambda function is made of. */
export interface Asset {
  /** Holds exactly the files of the package. */
  readonly folder: string;
  /** SHA-256 of names and contents of all files, in hex: the same files have the same one on every machine. */
  readonly hash: string;
}

/** Files below `folder` as paths with `/`, in one order everywhere. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** SHA-256 over these parts, each with its length before it, so that no two lists of parts run into the same text. */
export function digest(parts: Iterable<string | Buffer>): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(part);
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}

/**
 * The asset kept under `key` in `store`, made by `make` in an empty folder when there is none yet. Processes that make
 * the same one at the same time disturb each other not: the first to finish wins. What fails leaves nothing behind.
 */
export function keep(store: string, key: string, make: (folder: string) => void): Asset {
  const found = kept(store, key);
  if (found) return found;
  mkdirSync(store, { recursive: true });
  const draft = mkdtempSync(join(store, '.draft-'));
  try {
    const folder = join(draft, 'asset');
    mkdirSync(folder);
    make(folder);
    setModes(folder);
    const hash = digest(filesBelow(folder).flatMap((name) => [name, readFileSync(join(folder, name))]));
    writeFileSync(join(draft, 'hash'), hash);
    chmodSync(draft, 0o755);
    rename(draft, join(store, key));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return kept(store, key) as Asset;
}

/** The asset kept under `key`, if there is one. */
export function kept(store: string, key: string): Asset | undefined {
  const place = join(store, key);
  if (!existsSync(join(place, 'hash'))) return undefined;
  return { folder: join(place, 'asset'), hash: readFileSync(join(place, 'hash'), 'utf8') };
}

function rename(draft: string, place: string): void {
  try {
    renameSync(draft, place);
  } catch (error) {
    if (!existsSync(join(place, 'hash'))) throw error;
  }
}

/** The zip keeps modes, so they must not come from this machine's umask or from how an installer links files. */
function setModes(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
  chmodSync(folder, 0o755);
}
