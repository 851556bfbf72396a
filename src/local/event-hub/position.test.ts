// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { parseSelector } from './position.ts';

test.each([
  [undefined, { kind: 'earliest' }],
  ["amqp.annotation.x-opt-offset > '-1'", { kind: 'earliest' }],
  ["amqp.annotation.x-opt-offset > '@latest'", { kind: 'latest' }],
  ["amqp.annotation.x-opt-offset >= '0:17'", { kind: 'offset', offset: '0:17', inclusive: true }],
  ["amqp.annotation.x-opt-sequence-number > '41'", { kind: 'sequence', sequenceNumber: 41, inclusive: false }],
  ["amqp.annotation.x-opt-enqueued-time >= '1700000000000'", { kind: 'time', milliseconds: 1.7e12, inclusive: true }],
  ["amqp.annotation.x-opt-sequence-number > 'soon'", undefined],
  ["amqp.annotation.x-opt-color > '1'", undefined],
  ['', undefined],
])('the selector %s is read as %o', (selector, position) => {
  expect(parseSelector(selector)).toEqual(position);
});
