// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, test as base, beforeAll, describe } from 'vitest';
import { type EventHub, type EventHubOptions, startEventHub } from './index.ts';
import { type PythonSdk, type Received, type ReceivedSummary, startPythonSdk } from './python-sdk.ts';

interface Properties {
  readonly hub: { readonly eventhub_name: string; readonly partition_ids: readonly string[] };
  readonly partitions: readonly {
    readonly id: string;
    readonly last_enqueued_offset: string;
    readonly last_enqueued_time_utc: number | null;
  }[];
}

type Start = (options?: Partial<EventHubOptions>) => Promise<EventHub>;

const TIMEOUT = 60_000;
let sdk: PythonSdk;
beforeAll(() => {
  sdk = startPythonSdk();
});
afterAll(() => sdk.stop());

const test = base.extend<{ start: Start }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures this one needs
  start: async ({}, use) => {
    const hubs: EventHub[] = [];
    await use(async (options) => {
      const hub = await startEventHub({ name: 'insights', partitions: 2, ...options });
      hubs.push(hub);
      return hub;
    });
    await Promise.all(hubs.map((hub) => hub.close()));
  },
});

function send(hub: EventHub, fields: object): Promise<unknown> {
  return sdk.call('send', { connection: hub.connectionString, ...fields });
}

function sendSized(hub: EventHub, size: number): Promise<unknown> {
  return sdk.call('send_one', { connection: hub.connectionString, partition: '0', size });
}

function startReceiving(hub: EventHub, fields: object): { receiving: Promise<void>; result: Promise<Received> } {
  return sdk.start('receive', { connection: hub.connectionString, partition: '0', count: 1, ...fields });
}

/** A receiver that stays until something disconnects it. */
async function keepReceiving(hub: EventHub, fields: object = {}): Promise<Promise<Received>[]> {
  const { receiving, result } = startReceiving(hub, { count: 99, ...fields });
  await receiving;
  return [result];
}

function receive(hub: EventHub, fields: object = {}): Promise<Received> {
  return startReceiving(hub, fields).result;
}

/** What the SDK reports to a receiver that gets nothing. */
async function receiveErrors(hub: EventHub, fields: object = {}): Promise<string> {
  const { events, errors } = await receive(hub, fields);
  return events.length > 0 ? 'it received something' : errors.join('\n');
}

async function receiveBodies(hub: EventHub, fields: object = {}): Promise<(string | null)[]> {
  const { events, errors } = await receive(hub, fields);
  return [...events.map((event) => event.body), ...errors];
}

function receiveSummary(hub: EventHub, count: number): Promise<ReceivedSummary> {
  return sdk.call('receive', { connection: hub.connectionString, partition: '0', count, summary: true });
}

function sendTexts(hub: EventHub, texts: readonly string[]): void {
  for (const text of texts) hub.send(0, text);
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}

describe.concurrent('what the Python SDK sends', { timeout: TIMEOUT }, () => {
  test('arrives whole and in order: a batch to a partition, with properties and time', async ({ start, expect }) => {
    const hub = await start();
    const before = Date.now() / 1000 - 1;
    await send(hub, { partition: '1', bodies: ['one', 'two', 'three'], properties: { tenant: 'a', n: 7 } });
    const { events } = await receive(hub, { partition: '1', count: 3 });
    expect(events.map((event) => event.body)).toEqual(['one', 'two', 'three']);
    expect(events.map((event) => event.sequence_number)).toEqual([0, 1, 2]);
    expect(events[0]?.properties).toEqual({ tenant: 'a', n: 7 });
    expect(events[0]?.enqueued_time).toBeGreaterThan(before);
    expect(hub.partitions()[0]?.isEmpty).toBe(true);
  });

  test('goes to one partition per partition key, and keeps the key', async ({ start, expect }) => {
    const hub = await start({ partitions: 8 });
    await send(hub, { partition_key: 'tenant-a', bodies: ['one'] });
    await send(hub, { partition_key: 'tenant-a', bodies: ['two'] });
    const used = hub.partitions().filter((partition) => !partition.isEmpty);
    expect(used.map((partition) => partition.lastEnqueuedSequenceNumber)).toEqual([1]);
    const { events } = await receive(hub, { partition: used[0]?.id, count: 2 });
    expect(events.map((event) => event.partition_key)).toEqual(['tenant-a', 'tenant-a']);
  });

  test('may be a single event of nearly 1 MiB, and not more', async ({ start, expect }) => {
    const hub = await start();
    await sendSized(hub, 1_048_000);
    expect((await receive(hub)).events.map((event) => event.size)).toEqual([1_048_000]);
    await expect(sendSized(hub, 1_048_576)).rejects.toThrow('at most 1048576');
    expect(() => hub.send(0, 'x'.repeat(1_048_577))).toThrow(expect.objectContaining({ code: 'SLK-HUB-004' }));
    expect(hub.partitions()[0]?.lastEnqueuedSequenceNumber).toBe(0);
  });
});

describe.concurrent('a receiver starts', { timeout: TIMEOUT }, () => {
  test('at the beginning, after or at a sequence number, after or at an offset', async ({ start, expect }) => {
    const hub = await start();
    sendTexts(hub, ['a', 'b', 'c']);
    const { offset } = hub.send(0, 'd');
    hub.send(0, 'e');
    const started = [
      receiveBodies(hub, { position: '-1', count: 5 }),
      receiveBodies(hub, { position: 2, count: 2 }),
      receiveBodies(hub, { position: 2, inclusive: true, count: 3 }),
      receiveBodies(hub, { position: offset }),
      receiveBodies(hub, { position: offset, inclusive: true, count: 2 }),
    ];
    expect(await Promise.all(started)).toEqual([
      ['a', 'b', 'c', 'd', 'e'],
      ['d', 'e'],
      ['c', 'd', 'e'],
      ['e'],
      ['d', 'e'],
    ]);
  });

  test('after a time', async ({ start, expect }) => {
    const hub = await start();
    hub.send(0, 'old', { enqueuedTime: new Date('2026-01-01T00:00:00Z') });
    hub.send(0, 'new', { enqueuedTime: new Date('2026-02-01T00:00:00Z') });
    const position = { time: Date.parse('2026-01-15T00:00:00Z') / 1000 };
    expect(await receiveBodies(hub, { position })).toEqual(['new']);
  });

  test('at the end, and gets what comes later', async ({ start, expect }) => {
    const hub = await start();
    hub.send(0, 'before');
    const sending = setInterval(() => hub.connections() > 0 && hub.send(0, 'after'), 500);
    const received = receiveBodies(hub, { position: '@latest' });
    const texts = await received.finally(() => clearInterval(sending));
    expect(new Set(texts)).toEqual(new Set(['after']));
  });

  test('at an offset that is no number', async ({ start, expect }) => {
    const hub = await start({ opaqueOffsets: true });
    const { offset } = hub.send(0, 'a');
    hub.send(0, 'b');
    expect(Number(offset)).toBeNaN();
    expect(await receiveBodies(hub, { position: offset })).toEqual(['b']);
  });

  test('nowhere when the position never existed', async ({ start, expect }) => {
    const hub = await start();
    hub.send(0, 'a');
    const errors = await receiveErrors(hub, { position: 17 });
    expect(errors).toContain('no sequence number 17: the last one is 0');
    expect(errors).toContain('com.microsoft:argument-error');
    expect(await receiveErrors(hub, { position: '4711' })).toContain('no offset 4711: the last one is 0');
  });

  test('nowhere without the partition or the consumer group it names', async ({ start, expect }) => {
    const hub = await start({ consumerGroups: ['audit'] });
    hub.send(0, 'a');
    expect(await receiveBodies(hub, { group: 'audit' })).toEqual(['a']);
    expect(await receiveErrors(hub, { group: 'unknown' })).toContain('no consumer group unknown');
    await expect(send(hub, { partition: '9', bodies: ['b'] })).rejects.toThrow('partition 9');
  });

  test('with runtime metrics when it asks for them', async ({ start, expect }) => {
    const hub = await start();
    sendTexts(hub, ['a', 'b', 'c']);
    const { events } = await receive(hub, { count: 3, metrics: true });
    expect(events.map((event) => event.last_enqueued)).toEqual([2, 2, 2]);
    expect(events.map((event) => event.body)).toEqual(['a', 'b', 'c']);
  });
});

describe.concurrent('properties', { timeout: TIMEOUT }, () => {
  test('tell the partitions, and a retention gap after trimming', async ({ start, expect }) => {
    const hub = await start();
    sendTexts(hub, ['a', 'b', 'c', 'd']);
    hub.trim(0, 3);
    const connection = hub.connectionString;
    const { hub: about, partitions } = await sdk.call<Properties>('properties', { connection });
    expect(about).toMatchObject({ eventhub_name: 'insights', partition_ids: ['0', '1'] });
    expect(partitions).toMatchObject([
      { id: '0', beginning_sequence_number: 3, last_enqueued_sequence_number: 3, is_empty: false },
      { id: '1', beginning_sequence_number: 0, last_enqueued_sequence_number: -1, is_empty: true },
    ]);
    expect(partitions[0]?.last_enqueued_offset).toBe(hub.partitions()[0]?.lastEnqueuedOffset);
    expect(partitions[1]).toMatchObject({ last_enqueued_offset: '-1', last_enqueued_time_utc: null });
    expect(await receiveBodies(hub, { position: 0 })).toEqual(['d']);
    hub.trim(0, 100);
    expect(hub.partitions()[0]).toMatchObject({ beginningSequenceNumber: 4, isEmpty: true });
    expect(hub.send(0, 'e').sequenceNumber).toBe(4);
  });
});

describe.concurrent('owner levels', { timeout: TIMEOUT }, () => {
  test('a higher one takes the partition, and so does the same one', async ({ start, expect }) => {
    const hub = await start();
    hub.send(0, 'a');
    const [shared] = await keepReceiving(hub);
    const [first] = await keepReceiving(hub, { owner_level: 1 });
    const [second] = await keepReceiving(hub, { owner_level: 2 });
    expect(await receiveBodies(hub, { owner_level: 2 })).toEqual(['a']);
    for (const superseded of await Promise.all([shared, first, second])) {
      expect(superseded?.errors.join()).toMatch(/ConnectionLostError[^$]*amqp:link:stolen/);
    }
  });

  test('a lower one, and one without level, are refused while it is held, and admitted afterwards', async ({
    start,
    expect,
  }) => {
    const hub = await start();
    hub.send(0, 'a');
    const [owner] = await keepReceiving(hub, { count: 2, owner_level: 5 });
    for (const refused of [{ owner_level: 4 }, {}]) {
      const errors = await receiveErrors(hub, refused);
      expect(errors).toContain('owned at level 5');
      expect(errors).toContain('amqp:link:stolen');
    }
    hub.send(0, 'b');
    expect((await owner)?.errors).toEqual([]);
    expect(await receiveBodies(hub, { count: 2, owner_level: 0 })).toEqual(['a', 'b']);
    expect(await receiveBodies(hub, { count: 2 })).toEqual(['a', 'b']);
  });
});

describe.concurrent('access', { timeout: TIMEOUT }, () => {
  test('needs a token made with the key of the hub', async ({ start, expect }) => {
    const hub = await start({ key: 'right' });
    hub.send(0, 'a');
    const connection = hub.connectionString.replace('SharedAccessKey=right', 'SharedAccessKey=wrong');
    expect(await receiveErrors(hub, { connection })).toMatch(/AuthenticationError[^$]*401[^$]*InvalidSignature/);
    await expect(sdk.call('properties', { connection })).rejects.toThrow(/AuthenticationError[^$]*401/);
    await expect(send(hub, { connection, bodies: ['b'] })).rejects.toThrow(/AuthenticationError[^$]*401/);
    expect(hub.partitions()[0]?.lastEnqueuedSequenceNumber).toBe(0);
  });
});

describe.concurrent('faults', { timeout: TIMEOUT }, () => {
  test('a connection is cut after n events, and the rest can be read afterwards', async ({ start, expect }) => {
    const hub = await start();
    sendTexts(hub, numbers(500));
    hub.faults.dropConnectionAfter(123);
    // The SDK gives up what it has read and not handed over yet, hence the small batches.
    const { events, errors } = await receive(hub, { count: 500, prefetch: 10 });
    expect(errors.join()).toContain('ConnectError');
    expect(events.map((event) => event.body)).toEqual(numbers(500).slice(0, events.length));
    expect(events.length).toBeGreaterThanOrEqual(110);
    expect(events.length).toBeLessThanOrEqual(123);
    expect(await receiveBodies(hub, { position: 122, count: 377 })).toEqual(numbers(500).slice(123));
  });

  test('links are refused, then admitted', async ({ start, expect }) => {
    const hub = await start();
    hub.send(0, 'a');
    hub.faults.refuseLinks(1);
    expect(await receiveErrors(hub)).toContain('com.microsoft:server-busy');
    expect(await receiveBodies(hub)).toEqual(['a']);
  });

  test('receivers are stolen, connections dropped', async ({ start, expect }) => {
    const hub = await start();
    hub.send(0, 'a');
    const [stolen] = await keepReceiving(hub);
    expect(hub.faults.steal(0)).toBe(1);
    expect((await stolen)?.errors.join()).toContain('amqp:link:stolen');
    const [dropped] = await keepReceiving(hub);
    hub.faults.dropConnections();
    expect((await dropped)?.errors.join()).toContain('ConnectError');
  });
});

describe('load', { timeout: TIMEOUT }, () => {
  test('5,000 events of 1 KB arrive complete and in order', async ({ start, expect }) => {
    const hub = await start({ partitions: 1 });
    const body = 'x'.repeat(1_000);
    for (let i = 0; i < 5_000; i++) hub.send(0, body);
    const summary = await receiveSummary(hub, 5_000);
    expect(summary).toMatchObject({ count: 5_000, first: 0, in_order: true, bytes: 5_000_000, errors: [] });
  });

  test('40 events of 1 MB arrive complete and in order', async ({ start, expect }) => {
    const hub = await start({ partitions: 1 });
    for (let i = 0; i < 40; i++) hub.send(0, Buffer.alloc(1_000_000, i));
    const summary = await receiveSummary(hub, 40);
    expect(summary).toMatchObject({ count: 40, first: 0, in_order: true, bytes: 40_000_000, errors: [] });
  });
});

describe('a hub', { timeout: TIMEOUT }, () => {
  test('listens on the loopback alone, on a port of its own', async ({ start, expect }) => {
    const hub = await start();
    const second = await start();
    expect(hub.host).toBe('127.0.0.1');
    expect(second.port).not.toBe(hub.port);
    await expect(start({ port: second.port })).rejects.toMatchObject({ code: 'SLK-HUB-001' });
    await expect(start({ partitions: 0 })).rejects.toMatchObject({ code: 'SLK-HUB-002' });
    expect(() => hub.send(2, 'a')).toThrow(expect.objectContaining({ code: 'SLK-HUB-003' }));
  });

  test('leaves no connection when it closes', async ({ start, expect }) => {
    const hub = await start();
    hub.send(0, 'a');
    const [reading] = await keepReceiving(hub);
    expect(hub.connections()).toBe(1);
    await hub.close();
    expect(hub.connections()).toBe(0);
    expect((await reading)?.errors).not.toEqual([]);
  });

  test('lets its process end', async ({ expect }) => {
    const module = JSON.stringify(join(import.meta.dirname, 'index.ts'));
    const script = `
      import { connect } from 'node:net';
      const { startEventHub } = await import(${module});
      const hub = await startEventHub({ name: 'insights', partitions: 1 });
      const socket = connect(hub.port, hub.host);
      socket.on('error', () => undefined);
      socket.write(Buffer.from('414d515003010000', 'hex'));
      await new Promise((resolve) => socket.once('data', resolve));
      await hub.close();
      console.log('closed');`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      timeout: 20_000,
    });
    expect(stdout).toBe('closed\n');
  });
});
