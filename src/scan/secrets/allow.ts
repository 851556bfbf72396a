// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** A comment that lets secrets of its line pass, or of the next line where it stands alone. */
export interface Allowance {
  /** From 1. */
  readonly line: number;
  /** The lines it speaks for. */
  readonly lines: readonly number[];
  /** Empty where none is given, and then nothing passes. */
  readonly reason: string;
}

const COMMENT = /(?:#|\/\/|\/?\*|<!--|--|;)\s*slake-allow-secret\b(?:\s*:\s*(?<reason>.*?))?\s*(?:\*\/|-->|$)/;
const ALONE = /^\s*(?:#|\/\/|\/\*|\*|<!--|--|;|\{\/\*)/;

/** The allowances of a text: `slake-allow-secret: <reason>` in a comment. */
export function allowances(text: string): Allowance[] {
  if (!text.includes('slake-allow-secret')) return [];
  return text.split('\n').flatMap((content, index) => {
    const match = COMMENT.exec(content.trimEnd());
    if (!match) return [];
    const line = index + 1;
    const reason = match.groups?.reason?.trim() ?? '';
    return [{ line, lines: ALONE.test(content) ? [line, line + 1] : [line], reason }];
  });
}
