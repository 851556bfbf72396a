// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** A number with what it counts: `1 case`, `2 cases`, `1,234 entries`; the plural is given where it is not one more s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
