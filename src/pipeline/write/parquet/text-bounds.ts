// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Bound, Bounds } from './pages.ts';

/** Longer texts count with their first bytes only, so that a footer stays small. */
const LONGEST = 64;

/**
 * Smallest and largest of many UTF-8 texts, in the order of their bytes, which is also the order of their code
 * points. Of a long text a shorter bound is kept that is not inside the range: a cut minimum is smaller than the
 * text, a cut maximum is raised to be larger.
 */
export class TextBounds {
  #min = new Uint8Array(0);
  #max = new Uint8Array(0);
  #minExact = false;
  #maxExact = false;
  #empty = true;

  /** Takes the text that stands at `from` to `to` in `source` into account. */
  add(source: Uint8Array, from: number, to: number): void {
    const end = Math.min(to, from + LONGEST);
    const whole = end === to;
    if (this.#empty) {
      this.#empty = false;
      this.#min = copyOf(source, from, end);
      this.#max = this.#min;
      this.#minExact = whole;
      this.#maxExact = whole;
      return;
    }
    const againstMin = compare(source, from, end, this.#min);
    if (againstMin < 0) {
      this.#min = copyOf(source, from, end);
      this.#minExact = whole;
    } else if (againstMin === 0 && whole) this.#minExact = true;
    const againstMax = compare(source, from, end, this.#max);
    if (againstMax > 0) {
      this.#max = copyOf(source, from, end);
      this.#maxExact = whole;
    } else if (againstMax === 0 && !whole) this.#maxExact = false;
  }

  /** The bounds so far; then starts anew. */
  take(): Bounds {
    if (this.#empty) return {};
    this.#empty = true;
    const min: Bound = { bytes: this.#minExact ? this.#min : wholeCharacters(this.#min), exact: this.#minExact };
    if (this.#maxExact) return { min, max: { bytes: this.#max, exact: true } };
    const raised = raise(wholeCharacters(this.#max));
    return raised === undefined ? { min } : { min, max: { bytes: raised, exact: false } };
  }
}

/** A copy, also of a `Buffer`, whose own `slice` shares its memory. */
function copyOf(source: Uint8Array, from: number, to: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(source.subarray(from, to));
}

function compare(source: Uint8Array, from: number, to: number, other: Uint8Array): number {
  const shared = Math.min(to - from, other.length);
  for (let index = 0; index < shared; index++) {
    const difference = (source[from + index] as number) - (other[index] as number);
    if (difference !== 0) return difference;
  }
  return to - from - other.length;
}

/** Drops the character that was cut in two at the end, if any. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let lead = bytes.length - 1;
  while (lead > 0 && ((bytes[lead] as number) & 0xc0) === 0x80) lead--;
  const byte = bytes[lead] as number;
  const needed = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  return lead + needed > bytes.length ? bytes.slice(0, lead) : bytes;
}

/** The smallest text of at most that many characters that is larger than every text beginning with `prefix`. */
function raise(prefix: Uint8Array): Uint8Array | undefined {
  const characters = Array.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(prefix));
  for (let last = characters.length - 1; last >= 0; last--) {
    const point = (characters[last] as string).codePointAt(0) as number;
    if (point === 0x10ffff) continue;
    // The code points from D800 are surrogates and no characters.
    const next = point === 0xd7ff ? 0xe000 : point + 1;
    return Buffer.from(characters.slice(0, last).join('') + String.fromCodePoint(next));
  }
  return undefined;
}
