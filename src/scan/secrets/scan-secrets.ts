// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import type { Finding } from '../../findings/index.ts';
import type { Source } from '../files/read-source.ts';
import { positionsIn } from '../position.ts';
import { allowances } from './allow.ts';
import { type Baseline, type BaselineSubject, entryOf } from './baseline.ts';
import { findSecrets } from './find-secrets.ts';
import { secretKinds } from './kinds.ts';
import { allowanceUnused, allowanceWithoutReason, baselineStale } from './rules.ts';

/** What a scan for secrets found. */
export interface SecretScan {
  readonly findings: readonly Finding[];
  /** Everything a baseline may hold: what is found and not allowed beside the line. Values stay in memory. */
  readonly subjects: readonly BaselineSubject[];
  readonly allowed: number;
  /** How many the baseline lets pass. */
  readonly known: number;
}

/** Scans texts for secrets. */
export async function scanSecrets(sources: readonly Source[], baseline: Baseline): Promise<SecretScan> {
  const findings: Finding[] = [];
  const subjects: BaselineSubject[] = [];
  const seen = new Set<unknown>();
  let allowed = 0;
  const kinds = await secretKinds();
  for (const { file, text } of sources) {
    if (text === undefined) continue;
    const positionOf = positionsIn(text);
    const comments = allowances(text);
    const used = new Set<number>();
    for (const { kind, value, start, end } of await findSecrets(file, text, kinds)) {
      const position = positionOf(start);
      const last = positionOf(Math.max(start, end - 1)).line;
      const comment = comments.find(({ lines }) => lines.some((line) => line >= position.line && line <= last));
      if (comment) used.add(comment.line);
      if (comment && comment.reason !== '') {
        allowed += 1;
        continue;
      }
      const subject = { file, code: kind.code, value };
      subjects.push(subject);
      const entry = entryOf(baseline, subject);
      if (entry) seen.add(entry);
      else {
        const message = `${kind.title}: ${describe(value)}`;
        findings.push({ code: kind.code, level: 'error', message, place: { file, ...position }, fix: kind.rotate });
      }
    }
    for (const { line, reason } of comments) {
      const place = { file, line, column: 1 };
      const { code, level } = reason === '' ? allowanceWithoutReason : allowanceUnused;
      if (reason === '') findings.push({ code, level, place, message: 'slake-allow-secret without a reason' });
      else if (!used.has(line))
        findings.push({ code, level, place, message: 'slake-allow-secret allows nothing here' });
    }
  }
  const scanned = new Set(sources.map(({ file }) => file));
  for (const entry of baseline.secrets) {
    if (seen.has(entry) || !scanned.has(entry.file)) continue;
    const { code, level } = baselineStale;
    const message = `the baseline knows a ${entry.code} in ${entry.file} that is no longer there`;
    findings.push({ code, level, message, place: { file: entry.file } });
  }
  return { findings, subjects, allowed, known: seen.size };
}

const SHOWN = 4;

/** The first four characters and the length, fewer of a short value; never more. */
export function describe(value: string): string {
  const first = value.slice(0, Math.min(SHOWN, Math.floor(value.length / 3))).replaceAll(/[^\x21-\x7e]/g, '?');
  return `begins with "${first}", ${counted(value.length, 'character')}`;
}
