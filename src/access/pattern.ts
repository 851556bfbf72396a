// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A text in which `*` and `?` are IAM's wildcards and which may hold values that are not known before deployment.
 * An unknown value stands between two characters of the private use area, so it is equal to itself and to nothing
 * else, and is never taken for a wildcard.
 */
export type Pattern = string;

const OPEN = '\u{E000}';
const CLOSE = '\u{E001}';
const UNKNOWN = /\u{E000}([^\u{E001}]*)\u{E001}/gu;

/** A value that is not known, by the name it has in the template: `AWS::AccountId`, `Queue.Arn`. */
export function unknown(name: string): Pattern {
  return `${OPEN}${name.replaceAll(/[\u{E000}\u{E001}]/gu, '')}${CLOSE}`;
}

export function hasUnknown(pattern: Pattern): boolean {
  return pattern.includes(OPEN);
}

/** The pattern without its unknown values, each of which `replacement` stands for. */
export function withoutUnknown(pattern: Pattern, replacement = ''): string {
  return pattern.replaceAll(UNKNOWN, () => replacement);
}

/** As a person writes it: `arn:${AWS::Partition}:s3:::bucket`. */
export function patternText(pattern: Pattern): string {
  return pattern.replaceAll(UNKNOWN, (_, name: string) => `\${${name}}`);
}

/** Whether the pattern holds a wildcard of IAM. An unknown value is none. */
export function hasWildcard(pattern: Pattern): boolean {
  return /[*?]/.test(withoutUnknown(pattern).replaceAll(/\$\{[*?$]\}/g, ''));
}

/**
 * Whether `pattern` matches every text that `text` stands for, as IAM matches: `*` any characters, `?` one. Wildcards
 * of `text` count as plain characters, so `matches('arn:*', 'arn:aws:s3:::b/*')` holds and the converse does not.
 */
export function matches(pattern: Pattern, text: Pattern, { ignoreCase = false } = {}): boolean {
  const [p, t] = [units(pattern, ignoreCase), units(text, ignoreCase)];
  let [at, to, star, mark] = [0, 0, -1, 0];
  while (to < t.length) {
    if (p[at] === '*') {
      star = at++;
      mark = to;
    } else if (p[at] !== undefined && (p[at] === t[to] || (p[at] === '?' && t[to] !== '*'))) {
      at += 1;
      to += 1;
    } else if (star >= 0) {
      at = star + 1;
      to = ++mark;
    } else return false;
  }
  while (p[at] === '*') at += 1;
  return at === p.length;
}

/** Whether some text is matched by both; an unknown value may be any text here. */
export function overlap(a: Pattern, b: Pattern, { ignoreCase = false } = {}): boolean {
  const [left, right] = [a, b].map((pattern) =>
    units(pattern, ignoreCase).map((unit) => (isUnknown(unit) ? '*' : unit)),
  );
  if (!left || !right) return false;
  // Reachable positions in `right`, for each prefix of `left`: quadratic, which hostile stars cannot make worse.
  let row = closure(new Set([0]), right);
  for (const unit of left) {
    const next = new Set<number>();
    if (unit === '*') {
      const first = Math.min(...row);
      for (let at = first; at <= right.length; at++) next.add(at);
    } else {
      for (const at of row) {
        const other = right[at];
        if (other === undefined) continue;
        if (other === '*') next.add(at);
        else if (other === unit || other === '?' || unit === '?') next.add(at + 1);
      }
    }
    row = closure(next, right);
    if (row.size === 0) return false;
  }
  return row.has(right.length);
}

function closure(positions: Set<number>, units: readonly string[]): Set<number> {
  for (const at of positions) if (units[at] === '*') positions.add(at + 1);
  return positions;
}

function isUnknown(unit: string): boolean {
  return unit.startsWith(OPEN);
}

/** Characters, an unknown value being one. */
function units(pattern: Pattern, ignoreCase: boolean): readonly string[] {
  const found = pattern.match(/\u{E000}[^\u{E001}]*\u{E001}|[\s\S]/gu) ?? [];
  return ignoreCase ? found.map((unit) => (isUnknown(unit) ? unit : unit.toLowerCase())) : found;
}
