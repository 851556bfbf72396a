// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Failure } from '../../errors/failure.ts';
import { baselineUnreadable } from '../../errors/scan.ts';

/**
 * Secrets that are known and accepted for now. It is committed, so it holds no value: a slow salted hash of each, from
 * which a value cannot be found by trying words.
 */
const Baseline = z.strictObject({
  version: z.literal(1),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  secrets: z.array(
    z.strictObject({
      file: z.string(),
      code: z.string(),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
      reason: z.string().min(1),
    }),
  ),
});
export type Baseline = z.infer<typeof Baseline>;

/** What identifies a secret in a baseline. */
export interface BaselineSubject {
  readonly file: string;
  readonly code: string;
  readonly value: string;
}

export function emptyBaseline(): Baseline {
  return { version: 1, salt: randomBytes(16).toString('hex'), secrets: [] };
}

/** The baseline of a file, an empty one where there is none. Throws SLK-SCAN-001 where it cannot be read. */
export function readBaseline(path: string): Baseline {
  if (!existsSync(path)) return emptyBaseline();
  try {
    return Baseline.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Failure(baselineUnreadable, { file: path, why }, { cause: error });
  }
}

export function writeBaseline(path: string, baseline: Baseline): void {
  writeFileSync(path, `${JSON.stringify(baseline, null, 2)}\n`);
}

/** The entry that stands for a secret. */
export function entryOf(baseline: Baseline, { file, code, value }: BaselineSubject) {
  // Hashes are slow on purpose: only where an entry could match.
  const candidates = baseline.secrets.filter((entry) => entry.file === file && entry.code === code);
  if (candidates.length === 0) return undefined;
  const hash = hashOf(baseline.salt, value);
  return candidates.find((entry) => timingSafeEqual(Buffer.from(entry.hash, 'hex'), hash));
}

/** The baseline with these secrets and no others; reasons that were given before stay. */
export function withSecrets(
  baseline: Baseline,
  secrets: readonly BaselineSubject[],
  reason: string,
  /** Entries of files that were not looked at stay too. */
  keep: (file: string) => boolean = () => false,
): Baseline {
  const entries = secrets.map(
    (secret) =>
      entryOf(baseline, secret) ?? {
        file: secret.file,
        code: secret.code,
        hash: hashOf(baseline.salt, secret.value).toString('hex'),
        reason,
      },
  );
  const kept = baseline.secrets.filter(({ file }) => keep(file));
  const unique = new Map([...kept, ...entries].map((entry) => [`${entry.file}\n${entry.code}\n${entry.hash}`, entry]));
  return {
    ...baseline,
    secrets: [...unique.values()].toSorted((a, b) => a.file.localeCompare(b.file) || a.hash.localeCompare(b.hash)),
  };
}

function hashOf(salt: string, value: string): Buffer {
  return scryptSync(value, Buffer.from(salt, 'hex'), 32, { N: 16_384, r: 8, p: 1 });
}
