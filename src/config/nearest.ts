// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** Spelling habits (`log_level`, `log-level`, `LogLevel`) are no edits. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** The one of `names` that `typed` most likely stands for, or nothing where none is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > 100) return undefined;
  const wanted = plain(typed);
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    const edits = distance(wanted, plain(name));
    if (edits < fewest && edits < wanted.length) {
      fewest = edits;
      best = name;
    }
  }
  return best;
}
