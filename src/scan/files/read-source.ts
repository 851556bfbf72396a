// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Finding } from '../../findings/index.ts';
import { fileIsBinary, fileIsLarge, fileIsNotUtf8, fileIsUnreadable, linkLeadsOut } from './rules.ts';

/** Larger files are data, not source. */
export const MOST_BYTES = 20 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

/** The text of a file, and what stands in the way of reading it. */
export interface Source {
  /** From the root of the project, with slashes. */
  readonly file: string;
  /** Absent where there is nothing to scan. */
  readonly text?: string;
  readonly findings: readonly Finding[];
}

/** Reads a file of the project; whatever it is, the answer is a text or a finding, never an exception. */
export function readSource(root: string, file: string): Source {
  const path = join(root, file);
  try {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return readLink(root, file);
    if (!stat.isFile()) return { file, findings: [] };
    if (stat.size > MOST_BYTES) {
      const size = `${Math.round(stat.size / MEGABYTE)} MB, at most ${MOST_BYTES / MEGABYTE} MB are scanned`;
      return { file, findings: [{ ...finding(fileIsLarge, file), message: `${file} is too large: ${size}` }] };
    }
    return decode(file, readFileSync(path));
  } catch (error) {
    // Deleted, but not yet in the index.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { file, findings: [] };
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    return { file, findings: [{ ...finding(fileIsUnreadable, file), message: `${file} cannot be read: ${why}` }] };
  }
}

function readLink(root: string, file: string): Source {
  let target: string;
  try {
    target = realpathSync(join(root, file));
  } catch {
    return { file, findings: [{ ...finding(linkLeadsOut, file), message: `${file} is a link that leads nowhere` }] };
  }
  const inside = relative(realpathSync(root), target);
  // What it leads to is scanned where it stands.
  if (!inside.startsWith('..') && inside !== '') return { file, findings: [] };
  return {
    file,
    findings: [{ ...finding(linkLeadsOut, file), message: `${file} is a link that leads out of the project` }],
  };
}

function decode(file: string, bytes: Buffer): Source {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { file, text: bytes.toString('utf16le'), findings: [] };
  if (bytes.subarray(0, 65_536).includes(0)) {
    return { file, findings: [{ ...finding(fileIsBinary, file), message: `${file} is binary` }] };
  }
  try {
    return { file, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), findings: [] };
  } catch {
    return {
      file,
      text: bytes.toString('latin1'),
      findings: [
        { ...finding(fileIsNotUtf8, file), message: `${file} is not valid UTF-8; it was scanned byte by byte` },
      ],
    };
  }
}

function finding({ code, level }: Pick<Finding, 'code' | 'level'>, file: string) {
  return { code, level, place: { file } };
}
