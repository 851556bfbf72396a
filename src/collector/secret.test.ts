// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { inMemoryAws } from './in-memory.ts';
import { Secret } from './secret.ts';

test('a value is read once, and again when it has expired', async () => {
  const aws = inMemoryAws({ s: '{"token":"one"}' });
  let now = 0;
  const secret = new Secret(aws.clients.secrets, 's', () => now);

  expect(await secret.field('token')).toBe('one');
  aws.secrets.s = '{"token":"two"}';
  now = 299_999;
  expect(await secret.field('token')).toBe('one');
  now = 300_000;
  expect(await secret.field('token')).toBe('two');
});

test('a refreshed value tells whether it has changed', async () => {
  const aws = inMemoryAws({ s: '{"token":"one"}' });
  const secret = new Secret(aws.clients.secrets, 's');
  await secret.field('token');

  expect(await secret.refresh()).toBe(false);
  aws.secrets.s = '{"token":"two"}';
  expect(await secret.refresh()).toBe(true);
});

test.each([
  ['{"token":"sesame', 'is no JSON'],
  ['["sesame"]', 'is no JSON object'],
  ['{"token":""}', 'has no text in the field token'],
  ['{"token":{"sesame":1}}', 'has no text in the field token'],
])('the value %s is refused without being told', async (value, why) => {
  const secret = new Secret(inMemoryAws({ s: value }).clients.secrets, 's');

  const failure = await secret.field('token').catch((error: Error) => error);

  expect(failure).toMatchObject({ code: 'SLK-COL-003', message: `The secret s ${why}` });
  expect(String(failure)).not.toContain('sesame');
});

test('a secret that is not there is told by its name; other refusals come out as they are', async () => {
  const aws = inMemoryAws();
  const secret = new Secret(aws.clients.secrets, 'missing');

  await expect(secret.field('token')).rejects.toMatchObject({ code: 'SLK-COL-002' });
  aws.failNext('GetSecretValue', new Error('denied'));
  await expect(secret.field('token')).rejects.toThrow('denied');
});
