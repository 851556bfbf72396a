// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Finding, Rule } from '../findings/index.ts';
import type { Check } from './check.ts';
import type { Subject } from './subject.ts';

/** The file in which a module says which rules it does not follow, and why. */
export const EXEMPTIONS = 'module.checklist.yaml';

const Exemptions = z.strictObject({
  exemptions: z.array(
    z.strictObject({
      code: z.string(),
      reason: z.string().trim().min(20, 'a reason of at least 20 characters, so that a reader can judge it'),
      expires: z.iso.date('a day, YYYY-MM-DD'),
    }),
  ),
});

/** An exemption that counts. */
export interface Exemption {
  readonly code: string;
  readonly reason: string;
  /** Last day on which it counts, `YYYY-MM-DD`, UTC. */
  readonly expires: string;
  readonly line: number;
}

export const exemptionUnreadable: Rule = {
  code: 'CHK-EXEMPT-001',
  title: 'The exemptions of a module can be read',
  level: 'error',
  why: 'An exemption that cannot be read exempts from nothing, though its author believes that it does.',
  fix: `Write ${EXEMPTIONS} as a list "exemptions:" of code, reason and expires.`,
};
export const exemptionExpired: Rule = {
  code: 'CHK-EXEMPT-002',
  title: 'No exemption has expired',
  level: 'error',
  why: 'An exemption is for a time; past it somebody must look again.',
  fix: 'Mend what was exempted, or give the exemption another day and say why in its reason.',
};
export const exemptionFalse: Rule = {
  code: 'CHK-EXEMPT-003',
  title: 'Every exemption is needed',
  level: 'error',
  why: 'An exemption from a rule that is followed would hide the day on which it no longer is.',
  fix: 'Remove the exemption.',
};
export const exemptionRefused: Rule = {
  code: 'CHK-EXEMPT-004',
  title: 'Exemptions name rules that can be exempted from',
  level: 'error',
  why: 'Some rules keep others safe: a module cannot excuse itself from them. An unknown code exempts from nothing.',
  fix: 'Remove the exemption; "--explain" shows a rule, the reference page lists all.',
};

export const exemptionRules: readonly Rule[] = [
  exemptionUnreadable,
  exemptionExpired,
  exemptionFalse,
  exemptionRefused,
];

/** Reads the exemptions of a module: those that count today, and what is wrong with the others. */
export function readExemptions(
  subject: Pick<Subject, 'text'>,
  checks: readonly Check[],
  today: string,
): { readonly exemptions: readonly Exemption[]; readonly findings: readonly Finding[] } {
  const text = subject.text(EXEMPTIONS);
  if (text === undefined) return { exemptions: [], findings: [] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) {
    const place = broken.linePos?.[0] ?? { line: 1, col: 1 };
    const why = broken.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'it is no YAML';
    return { exemptions: [], findings: [tell(exemptionUnreadable, why, place.line, place.col)] };
  }
  const at = (path: readonly PropertyKey[]) => placeOf(document.contents, path, lines);
  const parsed = Exemptions.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) {
    const findings = parsed.error.issues.map(({ path, message }) => {
      const { line, column } = at(path);
      return tell(exemptionUnreadable, `${path.join('.') || 'the file'}: ${message}`, line, column);
    });
    return { exemptions: [], findings };
  }
  const exemptions: Exemption[] = [];
  const findings: Finding[] = [];
  for (const [index, exemption] of parsed.data.exemptions.entries()) {
    const { line, column } = at(['exemptions', index]);
    const check = checks.find(({ code }) => code === exemption.code);
    const refusal =
      check === undefined ? 'there is no such rule' : check.strict ? 'no module can be exempted' : undefined;
    if (refusal) findings.push(tell(exemptionRefused, `${exemption.code}: ${refusal}`, line, column));
    else if (exemption.expires < today) {
      findings.push(tell(exemptionExpired, `${exemption.code}: expired on ${exemption.expires}`, line, column));
    } else exemptions.push({ ...exemption, line });
  }
  return { exemptions, findings };
}

/** The finding of an exemption from a rule that is followed. */
export function notNeeded({ code, line }: Exemption): Finding {
  return tell(exemptionFalse, `${code}: the rule is followed`, line, 1);
}

function tell({ code, level }: Rule, message: string, line: number, column: number): Finding {
  return { code, level, message, place: { file: EXEMPTIONS, line, column } };
}

function placeOf(contents: unknown, path: readonly PropertyKey[], lines: LineCounter) {
  let node = contents;
  for (const key of path) {
    const below = isMap(node) || isSeq(node) ? node.get(key as string | number, true) : undefined;
    if (below === undefined) break;
    node = below;
  }
  const { line, col } = lines.linePos((node as Node | null)?.range?.[0] ?? 0);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
