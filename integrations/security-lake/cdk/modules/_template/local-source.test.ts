// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { startSource } from './local-source.ts';

test('the local source hands out what it was given page by page, and refuses a wrong token', async () => {
  const source = await startSource();
  const { baseUrl, apiToken } = source.secret;
  source.send(['{"n":1}', '{"n":2}', '{"n":3}']);
  const headers = { authorization: `Bearer ${apiToken}` };

  const first = await fetch(`${baseUrl}/events?limit=2`, { headers });
  const second = await fetch(`${baseUrl}/events?limit=2&after=2`, { headers });
  const refused = await fetch(`${baseUrl}/events`);

  expect(await first.json()).toMatchObject([{ n: 1 }, { n: 2 }]);
  expect(first.headers.get('link')).toBe(`<${baseUrl}/events?after=2&limit=2>; rel="next"`);
  expect(await second.json()).toEqual([{ n: 3, id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  expect(refused.status).toBe(401);
  await source.stop();
});
