// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import {
  eventHubEventTooLarge,
  eventHubNoPartition,
  eventHubPartitions,
  eventHubPortTaken,
} from '../../errors/event-hub.ts';
import { Failure } from '../../errors/failure.ts';
import type { AmqpFailure } from './amqp.ts';
import { type ServedConnection, serveConnection } from './connection.ts';
import { FaultPlan } from './faults.ts';
import { type Hub, MAX_MESSAGE_BYTES } from './hub.ts';
import { OwnerLevels } from './owner-levels.ts';
import { PartitionLog, type PartitionProperties } from './partition-log.ts';
import { createMessage } from './sections.ts';

export type { AmqpFailure } from './amqp.ts';
export type { PartitionProperties } from './partition-log.ts';

const HOST = '127.0.0.1';
const KEY_NAME = 'RootManageSharedAccessKey';
const DEFAULT_GROUP = '$Default';

export interface EventHubOptions {
  readonly name: string;
  /** 1 to 1024. */
  readonly partitions: number;
  /** Port to listen on; a free one when left out or 0. */
  readonly port?: number;
  /** Name the hub goes by in its answers; clients find it by host and port. */
  readonly namespace?: string;
  /** Groups besides `$Default`. */
  readonly consumerGroups?: readonly string[];
  /** Key of the policy `RootManageSharedAccessKey`; a random one when left out. */
  readonly key?: string;
  /** Gives offsets that are no numbers, as a geo-replicated namespace may. */
  readonly opaqueOffsets?: boolean;
}

export interface SendOptions {
  /** Application properties of the event. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  readonly partitionKey?: string;
  /** When it came in; now when left out. */
  readonly enqueuedTime?: Date;
}

export interface SentEvent {
  readonly partition: number;
  readonly sequenceNumber: number;
  readonly offset: string;
}

/** What can be made to go wrong. */
export interface EventHubFaults {
  /** Cuts the connection that delivers the `events`-th event from now, right after that event. */
  dropConnectionAfter(events: number): void;
  /** Cuts every connection now. */
  dropConnections(): void;
  /** Refuses the next `links` links of producers and receivers, as a busy server does unless told otherwise. */
  refuseLinks(links: number, failure?: AmqpFailure): void;
  /** Disconnects the receivers of a partition as if a higher owner level had come; returns how many they were. */
  steal(partition: number, consumerGroup?: string): number;
}

/** An Event Hub on this machine that the Azure SDKs work with. */
export interface EventHub {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  /** For the SDKs, with the key of now; it names the hub and asks for AMQP without TLS. */
  readonly connectionString: string;
  readonly faults: EventHubFaults;
  /** Clients connected now. */
  connections(): number;
  /** Puts an event into a partition, or into one of the hub's choice. Text is UTF-8; at most 1 MiB. */
  send(partition: number | undefined, body: string | Uint8Array, options?: SendOptions): SentEvent;
  partitions(): PartitionProperties[];
  /** Forgets the events of a partition before a sequence number, as retention does. */
  trim(partition: number, beforeSequence: number): void;
  /** Gives the policy a new random key and cuts every connection: whoever shows the old key is refused. */
  rotateKey(): void;
  /** Ends all connections and stops listening; done again, it does nothing. */
  close(): Promise<void>;
}

/**
 * Starts an Event Hub that listens on 127.0.0.1 and keeps its events in memory.
 *
 * @throws Failure SLK-HUB-001 when the port is taken, SLK-HUB-002 for an impossible number of partitions
 * @see https://learn.microsoft.com/azure/event-hubs/event-hubs-features
 */
export async function startEventHub(options: EventHubOptions): Promise<EventHub> {
  const { name, partitions: count } = options;
  if (!Number.isInteger(count) || count < 1 || count > 1024) {
    throw new Failure(eventHubPartitions, { name, partitions: count });
  }
  const hub = createHub(options);
  const connections = new Set<ServedConnection>();
  const server = createServer((socket) => {
    const connection = serveConnection(socket, hub);
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  const port = await listen(server, options.port ?? 0);

  function partitionAt(partition: number): PartitionLog {
    const log = hub.partitions[partition];
    if (!log) throw new Failure(eventHubNoPartition, { name, partition, partitions: count });
    return log;
  }

  function dropConnections(): void {
    for (const connection of connections) connection.drop();
  }

  return {
    host: HOST,
    port,
    name,
    get connectionString() {
      return (
        `Endpoint=sb://${HOST}:${port};SharedAccessKeyName=${KEY_NAME};SharedAccessKey=${hub.policy.key};` +
        `UseDevelopmentEmulator=true;EntityPath=${name}`
      );
    },
    faults: {
      dropConnectionAfter: (events) => hub.faults.dropConnectionAfter(events),
      dropConnections,
      refuseLinks: (links, failure) => hub.faults.refuseLinks(links, failure),
      steal: (partition, group = DEFAULT_GROUP) =>
        hub.owners.disconnect(partitionAt(partition).id, group, `partition ${partition} was taken by a test`),
    },
    connections: () => connections.size,
    send(partition, body, { properties, partitionKey, enqueuedTime } = {}) {
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      if (bytes.length > MAX_MESSAGE_BYTES) {
        throw new Failure(eventHubEventTooLarge, { bytes: bytes.length, limit: MAX_MESSAGE_BYTES });
      }
      const log = partition === undefined ? hub.choosePartition(partitionKey) : partitionAt(partition);
      const event = log.append(createMessage(bytes, properties, partitionKey), enqueuedTime?.getTime() ?? Date.now());
      log.announce();
      return { partition: Number(log.id), sequenceNumber: event.sequenceNumber, offset: event.offset };
    },
    partitions: () => hub.partitions.map((log) => log.properties()),
    trim: (partition, beforeSequence) => partitionAt(partition).trim(beforeSequence),
    rotateKey() {
      hub.policy = { ...hub.policy, key: randomKey() };
      dropConnections();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.all([...connections].map((connection) => connection.close()));
      await closed;
    },
  };
}

function createHub(options: EventHubOptions): Hub {
  const { name, opaqueOffsets = false } = options;
  const partitions = Array.from({ length: options.partitions }, (_, id) => new PartitionLog(String(id), opaqueOffsets));
  let turn = 0;
  return {
    name,
    namespace: options.namespace ?? HOST,
    createdAt: Date.now(),
    policy: { keyName: KEY_NAME, key: options.key ?? randomKey() },
    consumerGroups: [DEFAULT_GROUP, ...(options.consumerGroups ?? [])],
    partitions,
    owners: new OwnerLevels(),
    faults: new FaultPlan(),
    choosePartition(partitionKey) {
      const number =
        partitionKey === undefined ? turn++ : createHash('sha256').update(partitionKey).digest().readUInt32BE();
      return partitions[number % partitions.length] as PartitionLog;
    },
  };
}

function randomKey(): string {
  return randomBytes(32).toString('base64');
}

/** Listens on the loopback only; returns the port. */
async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Failure(eventHubPortTaken, { port, reason: error instanceof Error ? error.message : String(error) });
  }
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
