// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** The one of `names` that `typed` most likely stands for: at most a third of its letters differ. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > 64) return undefined;
  const limit = Math.max(1, Math.floor(typed.length / 3));
  const ranked = names.map((name) => ({ name, edits: distance(typed, name) })).sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best && best.edits <= limit ? best.name : undefined;
}

/** Letters to insert, delete, replace or swap with their neighbour. */
function distance(a: string, b: string): number {
  let top: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (top[j - 2] ?? Number.POSITIVE_INFINITY) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, swapped, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    top = above;
    above = row;
  }
  return above[b.length] ?? 0;
}
