// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Methods by which a list or a table takes an element. */
export const TAKES = new Set([
  'append',
  'add',
  'extend',
  'insert',
  'push',
  'unshift',
  'set',
  'setdefault',
  'update',
  'put',
]);

/** Methods by which it gives one. */
export const GIVES = new Set([
  'get',
  'pop',
  'values',
  'items',
  'entries',
  'setdefault',
  'copy',
  'find',
  'filter',
  'at',
  'shift',
]);

/** Methods of lists and tables: an element is taken for its list, so they are no operations of a client. */
export function isOfContainer(method: string): boolean {
  return TAKES.has(method) || GIVES.has(method);
}
