// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Some rows of a writer, by the numbers under which they were appended, in the order of a file. */
export type RowOrder = Uint32Array;

/** The rows in the order in which their keys ascend; those with the same key as they were appended. */
export function ascending(rows: readonly number[], keyOf: (row: number) => number): RowOrder {
  return Uint32Array.from(rows).sort((left, right) => keyOf(left) - keyOf(right) || left - right);
}
