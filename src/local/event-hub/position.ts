// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Where in a partition a receiver begins. `inclusive` says whether the event at the place itself is delivered. */
export type Position =
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'offset'; readonly offset: string; readonly inclusive: boolean }
  | { readonly kind: 'sequence'; readonly sequenceNumber: number; readonly inclusive: boolean }
  | { readonly kind: 'time'; readonly milliseconds: number; readonly inclusive: boolean };

const SELECTOR = /^\s*amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=|>)\s*'([^']*)'\s*$/;

/**
 * Reads the selector a receiver attaches with.
 *
 * @param selector text of the filter `apache.org:selector-filter:string`; none means the beginning of the partition
 * @returns the position, or undefined when the selector is none that Event Hubs knows
 * @see https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
 */
export function parseSelector(selector: string | undefined): Position | undefined {
  if (selector === undefined) return { kind: 'earliest' };
  const [, field, operator, value = ''] = SELECTOR.exec(selector) ?? [];
  const inclusive = operator === '>=';
  if (field === 'offset') {
    if (value === '-1') return { kind: 'earliest' };
    if (value === '@latest') return { kind: 'latest' };
    return { kind: 'offset', offset: value, inclusive };
  }
  if (!/^-?\d+$/.test(value)) return undefined;
  if (field === 'sequence-number') return { kind: 'sequence', sequenceNumber: Number(value), inclusive };
  return { kind: 'time', milliseconds: Number(value), inclusive };
}
