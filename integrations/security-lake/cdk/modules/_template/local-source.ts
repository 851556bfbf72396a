// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalSource } from 'slake/module';

const TOKEN = 'local';
const HOST = '127.0.0.1';

/**
 * The event log API of Acme on this machine, for `npm start -- --module acme`: `GET /events?limit=&after=` answers a
 * JSON list, oldest first, and in the header `Link` where the next page begins.
 */
export async function startSource(): Promise<LocalSource> {
  const log: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', baseUrl);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end();
    if (url.pathname !== '/events') return void response.writeHead(404).end();
    const limit = Math.min(Math.max(Number(url.searchParams.get('limit')) || 100, 1), 1000);
    const start = Math.max(Number(url.searchParams.get('after')) || 0, 0);
    const page = log.slice(start, start + limit);
    url.searchParams.set('after', String(start + page.length));
    url.searchParams.set('limit', String(limit));
    url.searchParams.sort();
    response.setHeader('content-type', 'application/json');
    response.setHeader('link', `<${url}>; rel="next"`);
    response.end(`[${page.join(',')}]`);
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const baseUrl = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  return {
    name: `event log API of Acme on ${baseUrl}`,
    secret: { baseUrl, apiToken: TOKEN },
    carriesAnyText: false,
    send(events) {
      // The service names its events, so that no two are the same one.
      log.push(...events.map((event) => JSON.stringify({ ...JSON.parse(event), id: randomUUID() })));
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
