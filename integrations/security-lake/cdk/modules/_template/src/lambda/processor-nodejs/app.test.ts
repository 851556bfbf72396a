// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inMemoryAws, Secret } from 'slake/collector';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventLog } from './helpers/api.ts';
import { context, main, settings } from './local-test.ts';

vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
vi.stubEnv('POWERTOOLS_TRACE_ENABLED', 'false');
const { collectLog, services } = await import('./app.ts');

type Answer = readonly [status: number, headers: Record<string, string>, body: string];
const BUSY: Answer = [503, { 'retry-after': '0' }, ''];

/** The API in memory: the log, and answers that come before it. */
let events: string[];
let answers: Answer[];
let asked: string[];
let token: string;
let server: Server;
let baseUrl: string;

beforeEach(async () => {
  events = [0, 1, 2, 3, 4].map((n) => `{"id":"e-${n}","published":"2026-03-04T12:00:0${n}.000Z"}`);
  answers = [];
  asked = [];
  token = 'sample';
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', baseUrl);
    asked.push(String(request.url));
    const start = Number(url.searchParams.get('after') ?? 0);
    const page = events.slice(start, start + Number(url.searchParams.get('limit')));
    const link = `<${baseUrl}/events?after=${start + page.length}>; rel="next"`;
    const isAllowed = request.headers.authorization === `Bearer ${token}`;
    const [status, headers, body] =
      answers.shift() ?? (isAllowed ? [200, { link }, `[${page.join(',')}]`] : [401, {}, '']);
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function world() {
  const aws = inMemoryAws({ [settings.secretId]: JSON.stringify({ baseUrl, apiToken: token }) });
  const secret = new Secret(aws.clients.secrets, settings.secretId);
  const options = { pageSize: 2, pause: async () => {} };
  const run = (more = {}) =>
    collectLog({ settings, clients: aws.clients, secret, eventLog: { ...options, ...more } }, context);
  const delivered = () => (aws.objects.size > 0 ? aws.lines().map((line) => JSON.parse(line)) : []);
  return { aws, run, delivered };
}

test('the local test passes', async () => {
  const lines: string[] = [];

  expect(await main((line) => lines.push(line))).toBe(0);
  expect(lines.at(-1)).toBe('OK');
});

test('every event is delivered once and named by its id', async () => {
  const { aws, run, delivered } = world();

  await run();

  const host = new URL(baseUrl).host;
  expect(delivered().map(({ id }) => id)).toEqual([0, 1, 2, 3, 4].map((n) => `${host}/events/e-${n}`));
  expect(delivered()[0]).toEqual({
    specversion: '1.0',
    id: `${host}/events/e-0`,
    source: `//${host}/events`,
    type: 'com.acme.events',
    time: '2026-03-04T12:00:00.000Z',
    data: JSON.parse(events[0] ?? ''),
  });
  expect(JSON.parse(aws.messages[0] ?? '')).toMatchObject({ eventcount: 5 });
});

test('the next run goes on behind the last one, and no digit is lost', async () => {
  const { aws, run } = world();
  await run();
  events.push('{"id":"e-5","big":12345678901234567890.10}');

  expect(await run()).toMatchObject({ events: 1 });
  expect(await run()).toEqual({ status: 'caught up', pages: 0, events: 0, objects: 0, bytes: 0 });
  expect(aws.lines().some((line) => line.includes('"big":12345678901234567890.10'))).toBe(true);
});

test('a log that was never read begins where the configuration says', async () => {
  await world().run({ startAt: '2026-01-01T00:00:00Z' });

  expect(asked.slice(0, 2)).toEqual(['/events?limit=2&since=2026-01-01T00%3A00%3A00Z', '/events?limit=2&after=2']);
});

test('a busy API is asked again', async () => {
  answers = [BUSY, [429, { 'retry-after': '0' }, '']];

  expect(await world().run()).toMatchObject({ events: 5 });
});

test('what came before the API failed is delivered, and the next run goes on', async () => {
  const { run, delivered } = world();
  answers = [[200, { link: `<${baseUrl}/events?after=1>; rel="next"` }, '[{"id":"e-0"}]'], ...Array(4).fill(BUSY)];

  await expect(run()).rejects.toMatchObject({ code: 'SLK-COL-004' });
  expect(delivered()).toHaveLength(1);
  await run();
  expect(delivered()).toHaveLength(5);
});

test('a refused token is told as such; a rotated one is found', async () => {
  const { aws, run } = world();
  token = 'rotated';

  await expect(run()).rejects.toMatchObject({ code: 'SLK-COL-005' });
  expect(aws.objects.size).toBe(0);
  aws.secrets[settings.secretId] = JSON.stringify({ baseUrl, apiToken: token });
  expect(await run()).toMatchObject({ events: 5 });
});

test.each<Answer>([
  [404, {}, ''],
  [302, { location: 'https://elsewhere.invalid/' }, ''],
  [200, {}, '<html>Maintenance</html>'],
])('the answer %i %j is no page: it fails and moves nothing', async (...answer) => {
  const { aws, run } = world();
  answers = [answer];

  await expect(run()).rejects.toMatchObject({ code: 'SLK-COL-004' });
  expect(aws.items.size).toBe(0);
});

test('a page that is no list is kept whole', async () => {
  const { run, delivered } = world();
  answers = [[200, { link: `<${baseUrl}/events?after=0>; rel="next"` }, '[{"id":"e-0"},{"id']];

  await run();

  expect(Buffer.from(delivered()[0].data_base64, 'base64').toString()).toBe('[{"id":"e-0"},{"id');
  expect(delivered()).toHaveLength(6);
});

test('a link to another host gives its cursor and nothing else', async () => {
  answers = [[200, { link: '<https://elsewhere.invalid/x?after=3>; rel="next"' }, '[{"id":"e-0"}]']];

  await world().run();

  expect(asked[1]).toBe('/events?limit=2&after=3');
});

test('events without id or time are named by what they hold', async () => {
  const { run, delivered } = world();
  events = ['{}', '"text"', '{"id":"","published":"yesterday"}', '{"published":"2026-03-04T12:00:00"}'];

  expect(await run()).toMatchObject({ events: 4 });
  expect(new Set(delivered().map(({ id }) => id)).size).toBe(4);
});

test('an answer that is too large is refused', async () => {
  await expect(world().run({ mostBytes: 10 })).rejects.toThrow('more than 10 bytes');
});

test('an API that cannot be reached is a failure of the source', async () => {
  const aws = inMemoryAws({ s: '{"baseUrl":"http://127.0.0.1:9","apiToken":"t"}' });
  const source = await eventLog(new Secret(aws.clients.secrets, 's'), { pageSize: 1, pause: async () => {} });

  await expect(source.page(undefined)).rejects.toMatchObject({ code: 'SLK-COL-004' });
});

test.each([
  ...['http://api.example.com', 'ftp://api.example.com', 'no', 'https://x/?a=b'],
  ...['https://u@api.example.com', 'https://:word@api.example.com'],
])('the address %s is refused', async (address) => {
  const aws = inMemoryAws({ s: JSON.stringify({ baseUrl: address, apiToken: 't' }) });

  await expect(eventLog(new Secret(aws.clients.secrets, 's'), { pageSize: 1 })).rejects.toMatchObject({
    code: 'SLK-COL-003',
  });
});

test.each(['sesame\nopen', 'sesame\u20ac', 'sesame open', '\n'])(
  'the token %j is refused and not told',
  async (apiToken) => {
    const aws = inMemoryAws({ s: JSON.stringify({ baseUrl: 'https://x', apiToken }) });

    const refused = await eventLog(new Secret(aws.clients.secrets, 's'), { pageSize: 1 }).catch((error) => error);
    expect(refused).toMatchObject({ code: 'SLK-COL-003' });
    expect(String(refused)).not.toContain('sesame');
  },
);

test.each(['9999-12-31T23:59:59-01:00', '0001-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', 'event 12'])(
  'the time %s stops nothing',
  async (published) => {
    const { run, delivered } = world();
    events = [JSON.stringify({ id: 'e', published })];

    await run();

    expect(delivered()[0].time).toMatch(/^20\d\d-/);
  },
);

test.each(['soon', '-5', '1.5', '9'.repeat(5000), 'Fri, 01 Jan 2100 00:00:00 GMT'])(
  'a wait of %s that the API asks for is survived',
  async (wait) => {
    answers = [[503, { 'retry-after': wait }, '']];
    const waits: number[] = [];

    await world().run({ pause: async (milliseconds: number) => void waits.push(milliseconds) });

    expect(waits).toEqual([expect.toSatisfy((milliseconds: number) => milliseconds > 0 && milliseconds <= 15_000)]);
  },
);

test('an event is carried to the letter, and named by its number where that is its id', async () => {
  const { aws, run, delivered } = world();
  events = ['{"id":123,"a":1,"a":2,"10":"\\u00e9"}'];

  await run();

  expect(aws.lines()[0]).toContain(`"data":${events[0]}`);
  expect(delivered()[0].id).toMatch(/\/events\/123$/);
});

test('a setting that is missing is told by its name', () => {
  expect(() => services({ SLAKE_MODULE_ID: 'm' })).toThrow('SLAKE_MODULE_VERSION is not set');
  const environment = {
    ...{ SLAKE_MODULE_ID: 'm', SLAKE_MODULE_VERSION: '1.0.0', SLAKE_RAW_BUCKET: 'b', SLAKE_QUEUE_URL: 'https://q' },
    ...{ SLAKE_CHECKPOINT_TABLE: 't', SLAKE_SECRET_ID: 's', EVENT_LOG_PAGE_SIZE: '7', AWS_REGION: 'eu-west-1' },
  };
  expect(services(environment)).toMatchObject({ eventLog: { pageSize: 7 }, settings: { moduleId: 'm' } });
});
