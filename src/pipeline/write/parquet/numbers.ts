// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

const FIRST_CAPACITY = 256;

type Numbers = Uint8Array | Int32Array | Uint32Array | Float64Array;

/** The same numbers with room for as many more. */
export function grown<Some extends Numbers>(numbers: Some): Some {
  const Larger = numbers.constructor as new (length: number) => Some;
  const larger = new Larger(Math.max(FIRST_CAPACITY, numbers.length * 2));
  larger.set(numbers);
  return larger;
}

/** The numbers at the places of `from`, in that order; `size` of them belong together. */
export function picked<Some extends Numbers>(numbers: Some, from: Uint32Array, to: Some, size = 1): Some {
  for (let index = 0; index < from.length; index++) {
    const place = (from[index] as number) * size;
    for (let part = 0; part < size; part++) to[index * size + part] = numbers[place + part] as number;
  }
  return to;
}

/** 0 to `count` - 1, with room for `capacity` numbers. */
export function sequence(count: number, capacity = count): Uint32Array {
  const numbers = new Uint32Array(capacity);
  for (let number = 0; number < count; number++) numbers[number] = number;
  return numbers;
}
