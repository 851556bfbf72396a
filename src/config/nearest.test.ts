// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const names = ['environment', 'encryption', 'awsRegion', 'tags', 'logLevel'];

it.each([
  ['enviroment', 'environment'],
  ['envrionment', 'environment'],
  ['Encryption', 'encryption'],
  ['aws_region', 'awsRegion'],
  ['log-level', 'logLevel'],
  ['tag', 'tags'],
  ['atgs', 'tags'],
])('%s stands for %s', (typed, meant) => {
  expect(nearest(typed, names)).toBe(meant);
});

it.each(['', 'x', 'terminationProtection', 'level', 'a'.repeat(5000)])('%j stands for nothing', (typed) => {
  expect(nearest(typed, names)).toBeUndefined();
});
