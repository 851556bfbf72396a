// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import rhea, { type Connection, type EventContext } from 'rhea';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EventHub, startEventHub } from './index.ts';

const SOURCE = 'insights/ConsumerGroups/$Default/Partitions/0';
const KEY = 'secret';

let hub: EventHub;
let connection: Connection | undefined;

beforeEach(async () => {
  hub = await startEventHub({ name: 'insights', partitions: 1, key: KEY });
});
afterEach(async () => {
  connection?.close();
  await hub.close();
});

/** Connects as another AMQP 1.0 client does; with the key it says who it is by SASL PLAIN, without it does not. */
function connect(key?: string): Connection {
  const container = rhea.create_container();
  for (const event of ['disconnected', 'connection_error', 'receiver_error']) container.on(event, () => undefined);
  connection = container.connect({
    host: hub.host,
    port: hub.port,
    reconnect: false,
    username: key === undefined ? 'anonymous' : 'RootManageSharedAccessKey',
    password: key,
  });
  return connection;
}

test('a client that shows name and key by SASL PLAIN needs no token', async () => {
  hub.send(0, 'a');
  const receiver = connect(KEY).open_receiver({ source: SOURCE });
  const [{ message }] = (await once(receiver, 'message')) as [EventContext];
  expect(message?.body.content.toString()).toBe('a');
  expect(message?.message_annotations).toMatchObject({ 'x-opt-sequence-number': 0, 'x-opt-offset': '0' });
});

test.each(['insights', '$management', SOURCE])('a client without token is refused %s', async (address) => {
  const receiver = connect().open_receiver({ source: address });
  await once(receiver, 'receiver_error');
  expect(receiver.error).toMatchObject({ condition: 'amqp:unauthorized-access' });
});

test('a client with the wrong key is not let in', async () => {
  const [{ error }] = (await once(connect('wrong'), 'connection_error')) as [EventContext];
  expect(error?.message).toContain('Failed to authenticate');
});

test('a client that drains its credit gets what there is, and its credit back', async () => {
  for (const body of ['a', 'b', 'c']) hub.send(0, body);
  const receiver = connect(KEY).open_receiver({ source: SOURCE, credit_window: 0 });
  const bodies: string[] = [];
  receiver.on('message', ({ message }: EventContext) => bodies.push(message?.body.content.toString()));
  await once(receiver, 'receiver_open');
  receiver.add_credit(10);
  receiver.drain_credit();
  await once(receiver, 'receiver_drained');
  expect(bodies).toEqual(['a', 'b', 'c']);
});

test('at most five receivers without owner level share a partition', async () => {
  const client = connect(KEY);
  for (let i = 0; i < 5; i++) await once(client.open_receiver({ source: SOURCE, name: `r${i}` }), 'receiver_open');
  const sixth = client.open_receiver({ source: SOURCE, name: 'sixth' });
  await once(sixth, 'receiver_error');
  expect(sixth.error).toMatchObject({ condition: 'amqp:resource-limit-exceeded' });
});

test.each([
  ['other/ConsumerGroups/$Default/Partitions/0', 'amqp:not-found'],
  ['insights/ConsumerGroups/other/Partitions/0', 'amqp:not-found'],
  ['insights/ConsumerGroups/$Default/Partitions/1', 'com.microsoft:argument-out-of-range'],
  ['insights', 'amqp:invalid-field'],
])('a receiver of %s is refused with %s', async (address, condition) => {
  const receiver = connect(KEY).open_receiver({ source: address });
  await once(receiver, 'receiver_error');
  expect(receiver.error).toMatchObject({ condition });
});

test('bytes that are no AMQP end their own connection, and no other', async () => {
  hub.send(0, 'a');
  const receiver = connect(KEY).open_receiver({ source: SOURCE });
  await once(receiver, 'message');
  const socket = connectSocket(hub.port, hub.host, () => socket.write('GET / HTTP/1.1\r\n\r\n'));
  await once(socket.resume(), 'close');
  hub.send(0, 'b');
  const [{ message }] = (await once(receiver, 'message')) as [EventContext];
  expect(message?.body.content.toString()).toBe('b');
});

test('a port is free again once its hub is closed', async () => {
  await hub.close();
  const again = await startEventHub({ name: 'insights', partitions: 1, port: hub.port });
  expect(again.port).toBe(hub.port);
  await again.close();
});
