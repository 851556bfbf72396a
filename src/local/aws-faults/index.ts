// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Call, callOf } from './call.ts';
import type { Fault } from './fault.ts';
import { forward, passedOn } from './forward.ts';

export type { Call } from './call.ts';
export * from './fault.ts';

const HOST = '127.0.0.1';

/** When something goes wrong, and what. */
export interface FaultOrder {
  /** `<service>:<operation>`, see Call. */
  readonly operation: string;
  /** Calls of other resources are let through and not counted. */
  readonly where?: (call: Call) => boolean;
  /** Calls that are let through first; default none. */
  readonly after?: number;
  /** Calls that it happens to; default 1. */
  readonly times?: number;
  readonly fault: Fault;
}

/** A proxy between AWS clients and an AWS, in which calls go wrong when they are told to. */
export interface AwsFaults {
  /** For AWS_ENDPOINT_URL of the clients: `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** Orders a fault; several for one call happen in their order. Returns how often it has happened so far. */
  order(order: FaultOrder): () => number;
  /** Takes back what has not happened yet. */
  clear(): void;
  /** Calls that arrived, those that went wrong among them. */
  calls(operation: string): number;
  close(): Promise<void>;
}

interface Waiting {
  readonly order: FaultOrder;
  seen: number;
  happened: number;
}

/** Starts the proxy on 127.0.0.1 in front of `upstream`, the endpoint of an embedded AWS. */
export async function startAwsFaults(upstream: string): Promise<AwsFaults> {
  let waiting: Waiting[] = [];
  const counts = new Map<string, number>();

  function faultOf(call: Call): Fault | undefined {
    counts.set(call.operation, (counts.get(call.operation) ?? 0) + 1);
    for (const entry of waiting) {
      const { operation, where = () => true, after = 0, times = 1, fault } = entry.order;
      if (operation !== call.operation || entry.happened >= times || !where(call)) continue;
      entry.seen += 1;
      if (entry.seen <= after) continue;
      entry.happened += 1;
      return fault;
    }
    return undefined;
  }

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, upstream, faultOf).catch(() => outgoing.destroy());
  });
  server.listen(0, HOST);
  await once(server, 'listening');

  return {
    endpoint: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    order(order) {
      const entry = { order, seen: 0, happened: 0 };
      waiting.push(entry);
      return () => entry.happened;
    },
    clear() {
      waiting = [];
    },
    calls: (operation) => counts.get(operation) ?? 0,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  upstream: string,
  faultOf: (call: Call) => Fault | undefined,
): Promise<void> {
  const body = await buffer(incoming);
  const { method = 'GET', url = '/', headers } = incoming;
  const fault = faultOf(callOf(method, url, headers, body));
  switch (fault?.kind) {
    case 'answer': {
      const answer = fault.answer(callOf(method, url, headers, body));
      outgoing.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    }
    case 'hang':
      return;
    case 'crash':
      if (fault.when === 'after') await buffer(await forward(incoming, body, upstream));
      fault.kill();
      outgoing.destroy();
      return;
    case 'lost answer':
      await buffer(await forward(incoming, body, upstream));
      outgoing.destroy();
      return;
    case 'meanwhile':
      await fault.act();
      break;
  }
  const answer = await forward(incoming, body, upstream);
  outgoing.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
  answer.pipe(outgoing);
}
