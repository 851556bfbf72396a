// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** For each row of the result, the number it was appended under. */
export type RowOrder = Uint32Array;

/** The stable order in which `keys` ascend; undefined where they do already. */
export function ascending(keys: readonly number[]): RowOrder | undefined {
  let row = 1;
  while (row < keys.length && (keys[row - 1] as number) <= (keys[row] as number)) row++;
  if (row >= keys.length) return undefined;
  const order = Uint32Array.from(keys, (_, index) => index);
  return order.sort((left, right) => (keys[left] as number) - (keys[right] as number));
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
