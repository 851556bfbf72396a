// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isRecord } from '../../access/index.ts';
import type { Finding } from '../../findings/index.ts';

/** A finding with what an acknowledgement may name: the statement's Sid, and the value it is about. */
export type Acknowledgeable = Finding & { readonly values: readonly string[] };

/** An acknowledgement as it stands in a template's metadata. */
interface Acknowledged {
  readonly code: unknown;
  readonly value: unknown;
  readonly reason: unknown;
}

export const STALE = {
  code: 'ACKNOWLEDGEMENT_STALE',
  title: 'Every acknowledgement acknowledges something',
  level: 'warning',
  why: 'One that is left behind would hide the same finding when it comes back.',
  fix: 'Take the acknowledgement away.',
} as const;

/**
 * Leaves out what the metadata of a resource acknowledges, by code and value and with a reason. Of each acknowledgement
 * the text that would say that it is stale stands in `met` or in `stale`.
 *
 * @param codes of the rules that were asked: an acknowledgement of one of them that meets nothing is stale
 */
export function withoutAcknowledged<F extends Acknowledgeable>(
  metadata: Readonly<Record<string, unknown>>,
  findings: readonly F[],
  codes: ReadonlySet<unknown>,
): { readonly left: readonly F[]; readonly met: readonly string[]; readonly stale: readonly string[] } {
  const acknowledged = [metadata['slake:acknowledged']].flat().filter(isRecord) as unknown as Acknowledged[];
  const covers = ({ code, value, reason }: Acknowledged, finding: F) =>
    code === finding.code &&
    finding.values.some((text) => text === value) &&
    typeof reason === 'string' &&
    reason.trim() !== '';
  const own = acknowledged.filter(({ code }) => codes.has(code));
  const meets = (item: Acknowledged) => findings.some((finding) => covers(item, finding));
  const text = ({ code, value }: Acknowledged) => `${code} of ${value} is not found any more`;
  return {
    left: findings.filter((finding) => !acknowledged.some((item) => covers(item, finding))),
    met: own.filter(meets).map(text),
    stale: own.filter((item) => !meets(item)).map(text),
  };
}
