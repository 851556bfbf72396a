// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { Socket } from 'node:net';
import rhea, { type ConnectionOptions, type EventContext, type Receiver, type Sender, type Session } from 'rhea';
import {
  type AmqpFailure,
  type AmqpValue,
  keepMessagesRaw,
  stopWritingWhenClosed,
  wireError,
  writeWholePerformatives,
} from './amqp.ts';
import { streamEvents } from './event-stream.ts';
import { type Hub, isRequestNode, MAX_MESSAGE_BYTES, resolveAddress } from './hub.ts';
import type { Start } from './partition-log.ts';
import { parseSelector } from './position.ts';
import { putToken, readProperties, readRequest, respond } from './requests.ts';
import { saslMechanisms } from './sasl.ts';
import { readMessages } from './sections.ts';

const SELECTOR_FILTER = 'apache.org:selector-filter:string';
const OWNER_LEVEL = 'com.microsoft:epoch';
const RUNTIME_METRICS = 'com.microsoft:enable-receiver-runtime-metric';
const SETTLED = 1;

/** A client's connection, as the hub that serves it sees it. */
export interface ServedConnection {
  /** Says goodbye, then closes the socket. */
  close(): Promise<void>;
  /** Cuts the socket as a broken network does. */
  drop(): void;
}

/** Speaks AMQP 1.0 on an accepted socket until it closes. */
export function serveConnection(socket: Socket, hub: Hub): ServedConnection {
  const container = rhea.create_container({ id: hub.namespace });
  const streams = new Map<Sender, () => void>();
  let authorized = false;

  container.sasl_server_mechanisms = saslMechanisms(hub.policy, () => {
    authorized = true;
  });
  const connection = container.create_connection({
    reconnect: false,
    tcp_no_delay: true,
    max_frame_size: 65_536,
    channel_max: 4_999,
    idle_time_out: 240_000,
    sender_options: { snd_settle_mode: SETTLED, max_message_size: MAX_MESSAGE_BYTES },
    receiver_options: { autoaccept: false, credit_window: 300, max_message_size: MAX_MESSAGE_BYTES },
  } as unknown as ConnectionOptions);
  writeWholePerformatives(connection);
  keepMessagesRaw(connection);
  stopWritingWhenClosed(connection, socket);

  function openSender({ sender }: EventContext): void {
    if (!sender) return;
    const address = sender.source?.address ?? '';
    const failure = isRequestNode(address) ? admitRequests(sender, address) : startStream(sender, address);
    if (failure) sender.close(wireError(failure));
  }

  /** Attaches a receiver of events, or says why not. */
  function startStream(link: Sender, address: string): AmqpFailure | undefined {
    const refusal = authorized ? hub.faults.takeRefusal() : unauthorized(address);
    if (refusal) return refusal;
    const place = resolveAddress(hub, address);
    if ('condition' in place) return place;
    const { partition, consumerGroup } = place;
    if (!partition || !consumerGroup) return invalid(`events are read from a partition of a consumer group`);
    const filter = link.source?.filter?.[SELECTOR_FILTER] as string | AmqpValue | undefined;
    const position = parseSelector(typeof filter === 'object' ? String(filter.value) : filter);
    if (!position) return invalid('the selector is none that Event Hubs knows');
    const start: Start = partition.start(position);
    if ('refusal' in start) return { condition: 'com.microsoft:argument-error', description: start.refusal };
    const epoch = link.properties?.[OWNER_LEVEL];
    const receiver = {
      ownerLevel: epoch === undefined || epoch === null ? undefined : Number(epoch),
      disconnect(failure: AmqpFailure): void {
        endStream(link);
        link.close(wireError(failure));
      },
    };
    const denied = hub.owners.claim(partition.id, consumerGroup, receiver);
    if (denied) return denied;
    confirm(link, address);
    const stop = streamEvents({
      link,
      log: partition,
      from: start.sequenceNumber,
      withMetrics: [link.desired_capabilities].flat().includes(RUNTIME_METRICS),
      socket,
      faults: hub.faults,
    });
    streams.set(link, () => {
      stop();
      hub.owners.release(partition.id, consumerGroup, receiver);
    });
    return undefined;
  }

  function endStream(link: Sender): void {
    streams.get(link)?.();
    streams.delete(link);
  }

  function endStreams(of?: Session): void {
    for (const link of [...streams.keys()]) {
      if (!of || link.session === of) endStream(link);
    }
  }

  function openReceiver({ receiver }: EventContext): void {
    if (!receiver) return;
    const address = receiver.target?.address ?? '';
    const failure = isRequestNode(address) ? admitRequests(receiver, address) : admitProducer(receiver, address);
    if (failure) receiver.close(wireError(failure));
  }

  function admitProducer(link: Receiver, address: string): AmqpFailure | undefined {
    const refusal = authorized ? hub.faults.takeRefusal() : unauthorized(address);
    if (refusal) return refusal;
    const place = resolveAddress(hub, address);
    if ('condition' in place) return place;
    confirm(link, address);
    return undefined;
  }

  /** `$cbs` is open to everybody, for there a token is shown; `$management` is not. */
  function admitRequests(link: Sender | Receiver, address: string): AmqpFailure | undefined {
    if (address !== '$cbs' && !authorized) return unauthorized(address);
    confirm(link, address);
    return undefined;
  }

  function takeMessage({ receiver, message, delivery, session }: EventContext): void {
    const bytes = message as unknown as Buffer;
    const address = receiver?.target?.address ?? '';
    if (!delivery || !session) return;
    if (isRequestNode(address)) {
      delivery.accept();
      const request = readRequest(bytes);
      const response = address === '$cbs' ? putToken(hub, request) : readProperties(hub, request);
      if (address === '$cbs' && response.status < 300) authorized = true;
      respond(session, address, request, response);
      return;
    }
    const failure = store(address, bytes, delivery.format);
    if (failure) delivery.reject(wireError(failure));
    else delivery.accept();
  }

  /** Appends what a producer sent to one partition, all or nothing. */
  function store(address: string, bytes: Buffer, format: number): AmqpFailure | undefined {
    const place = resolveAddress(hub, address);
    if ('condition' in place) return place;
    if (bytes.length > MAX_MESSAGE_BYTES) {
      const description = `${bytes.length} bytes, at most ${MAX_MESSAGE_BYTES}`;
      return { condition: 'amqp:link:message-size-exceeded', description };
    }
    try {
      const messages = readMessages(bytes, format);
      const log = place.partition ?? hub.choosePartition(messages[0]?.partitionKey);
      const now = Date.now();
      for (const message of messages) log.append(message, now);
      log.announce();
      return undefined;
    } catch {
      return { condition: 'amqp:decode-error', description: 'the bytes are no AMQP message' };
    }
  }

  container.on('sender_open', openSender);
  container.on('receiver_open', openReceiver);
  container.on('message', takeMessage);
  container.on('sender_close', ({ sender }: EventContext) => sender && endStream(sender));
  container.on('session_close', ({ session }: EventContext) => endStreams(session));
  container.on('connection_close', () => endStreams());
  container.on('disconnected', () => endStreams());
  // A peer's faults end its own connection and are its own affair; without a listener rhea prints or throws them.
  for (const event of ['connection_error', 'session_error', 'sender_error', 'receiver_error', 'protocol_error']) {
    container.on(event, () => undefined);
  }
  container.on('error', (error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
  // rhea listens to the end of a socket only; its timers must go too when the socket is destroyed.
  socket.on('close', () => connection.eof());
  connection.accept(socket);

  return {
    async close() {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      endStreams();
      connection.close(wireError({ condition: 'amqp:connection:forced', description: 'the hub is closing' }));
      setImmediate(() => socket.destroySoon());
      await closed;
    },
    drop() {
      socket.resetAndDestroy();
    },
  };
}

/** Attaches with both ends named: an attach without them is how a link is refused. */
function confirm(link: Sender | Receiver, address: string): void {
  link.set_source(link.source ?? { address });
  link.set_target(link.target ?? { address });
}

function unauthorized(address: string): AmqpFailure {
  return { condition: 'amqp:unauthorized-access', description: `no token was shown for ${address}` };
}

function invalid(description: string): AmqpFailure {
  return { condition: 'amqp:invalid-field', description };
}
