// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { Sender } from 'rhea';
import { expect, test } from 'vitest';
import { streamEvents } from './event-stream.ts';
import { FaultPlan } from './faults.ts';
import { PartitionLog } from './partition-log.ts';
import { createMessage } from './sections.ts';

/** A link that takes everything at once, as rhea does, and writes it when told to. */
class StandInLink extends EventEmitter {
  readonly sent: { remote_settled: boolean }[] = [];
  credit: number;

  constructor(credit: number) {
    super();
    this.credit = credit;
  }

  is_open(): boolean {
    return true;
  }

  sendable(): boolean {
    return this.credit > 0;
  }

  send(): { remote_settled: boolean } {
    const delivery = { remote_settled: false };
    this.sent.push(delivery);
    return delivery;
  }

  write(): void {
    for (const delivery of this.sent) {
      if (!delivery.remote_settled) this.credit -= 1;
      delivery.remote_settled = true;
    }
  }
}

function startStream(events: number, credit: number, writableLength = 0) {
  const log = new PartitionLog('0', false);
  for (let i = 0; i < events; i++) log.append(createMessage(Buffer.alloc(1_000), undefined), 0);
  const link = new StandInLink(credit);
  const socket = Object.assign(new EventEmitter(), { writableLength });
  streamEvents({
    link: link as unknown as Sender,
    log,
    from: 0,
    withMetrics: false,
    socket: socket as unknown as Socket,
    faults: new FaultPlan(),
  });
  return { link, socket };
}

test('a backlog goes out by turns, between which other work runs', async () => {
  const { link } = startStream(1_000, 1_000);
  link.emit('sendable');
  expect(link.sent).toHaveLength(0);
  await turn();
  expect(link.sent.length).toBeGreaterThan(0);
  expect(link.sent.length).toBeLessThanOrEqual(100);
});

test('no event goes out without credit, and none before the ones before it are written', async () => {
  const { link } = startStream(500, 150);
  link.emit('sendable');
  await turn();
  const first = link.sent.length;
  await turn();
  expect(link.sent).toHaveLength(first);
  while (link.credit > 0) {
    link.write();
    link.emit('sendable');
    await turn();
  }
  expect(link.sent).toHaveLength(150);
});

test('a socket that is full is waited for', async () => {
  const { link, socket } = startStream(10, 10, 2_000_000);
  link.emit('sendable');
  await turn();
  expect(link.sent).toHaveLength(0);
  socket.writableLength = 0;
  socket.emit('drain');
  expect(link.sent).toHaveLength(10);
});
