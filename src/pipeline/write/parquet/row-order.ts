// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Some rows of a writer, by the numbers under which they were appended, in the order of a file. */
export type RowOrder = Uint32Array;

/** The rows in the order in which their keys ascend; those with the same key as they were appended. */
export function ascending(rows: readonly number[], keyOf: (row: number) => number): RowOrder {
  return Uint32Array.from(rows).sort((left, right) => keyOf(left) - keyOf(right) || left - right);
}

/** The numbers at the places of `from`, in that order; `size` of them belong together. */
export function picked<Numbers extends Uint8Array | Int32Array | Uint32Array | Float64Array>(
  numbers: Numbers,
  from: Uint32Array,
  to: Numbers,
  size = 1,
): Numbers {
  for (let index = 0; index < from.length; index++) {
    const place = (from[index] as number) * size;
    for (let part = 0; part < size; part++) to[index * size + part] = numbers[place + part] as number;
  }
  return to;
}
