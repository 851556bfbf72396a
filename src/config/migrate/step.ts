// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { KeyPath } from '../problem.ts';

/** A value in the new format, or none; and what there is to say of it. */
export interface Converted {
  /** Undefined where nothing is carried over. */
  readonly value?: unknown;
  readonly why?: string;
}

/** What becomes of the values at or below a key of the former format; of several steps the longest `from` counts. */
export interface Step {
  /** Keys joined by dots. */
  readonly from: string;
  /** Where the value goes; several places where the former format meant several, none where it is dropped. */
  readonly to?: readonly KeyPath[];
  /** Without it the value is taken as it is. */
  readonly convert?: (value: unknown) => Converted;
  /** Why it is dropped, or what is different now. */
  readonly why?: string;
}

/** A whole number within the limits of the new format. */
export function within(least: number, most: number, from: (value: number) => number = (value) => value) {
  return (value: unknown): Converted => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return { why: 'is no number' };
    const wanted = from(value);
    const kept = Math.min(most, Math.max(least, Math.round(wanted)));
    if (kept === wanted) return { value: kept };
    return { value: kept, why: `was ${wanted}; allowed are whole numbers, ${least} to ${most}` };
  };
}

/** Text, but not the text that examples of the former format hold in its place. */
export function unlessPlaceholder(value: unknown): Converted {
  if (typeof value === 'string' && /REPLACE|PLACEHOLDER/.test(value)) return { why: 'is a placeholder' };
  return { value };
}

export function secondsIn(unit: 'minutes' | 'days') {
  return (seconds: number): number => seconds / (unit === 'minutes' ? 60 : 86_400);
}
