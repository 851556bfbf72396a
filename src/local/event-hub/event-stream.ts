// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { Socket } from 'node:net';
import type { Delivery, Sender } from 'rhea';
import { creditOf, flush } from './amqp.ts';
import type { FaultPlan } from './faults.ts';
import type { PartitionLog, StoredEvent } from './partition-log.ts';
import { withRuntimeMetrics } from './sections.ts';

/** Events and bytes handed to rhea before other work of the process gets its turn. */
const TURN_EVENTS = 100;
const TURN_BYTES = 262_144;
/** Bytes waiting in the socket above which no more are added. */
const SOCKET_BYTES = 1_048_576;
/** How long, in milliseconds, to wait for a peer whose session window is full. */
const WINDOW_WAIT = 5;

export interface EventStreamOptions {
  /** The link to the receiver; it sends settled, as a hub keeps no state per receiver. */
  readonly link: Sender;
  readonly log: PartitionLog;
  /** Sequence number to begin at. */
  readonly from: number;
  readonly withMetrics: boolean;
  readonly socket: Socket;
  readonly faults: FaultPlan;
}

/**
 * Streams a partition to a receiver, in order, as long as there is credit. It goes by small turns, never holds more
 * than a few messages outside the log and waits for a slow receiver's socket, so that a large backlog costs no memory
 * and blocks nobody.
 *
 * @returns ends the stream
 */
export function streamEvents({ link, log, from, withMetrics, socket, faults }: EventStreamOptions): () => void {
  let next = from;
  let last: Delivery | undefined;
  let waiting = false;
  let draining = false;
  let stopped = false;

  function wake(): void {
    if (waiting || stopped) return;
    waiting = true;
    setImmediate(turn);
  }

  function turn(): void {
    waiting = false;
    if (stopped || !link.is_open()) return;
    if (socket.writableLength > SOCKET_BYTES) {
      waiting = true;
      socket.once('drain', turn);
      return;
    }
    // A settled delivery counts as settled by the peer once it is written; till then its credit is not yet taken off.
    if (last && !last.remote_settled) {
      waiting = true;
      setTimeout(turn, WINDOW_WAIT);
      return;
    }
    const sent = sendSome(Math.min(creditOf(link), faults.room, TURN_EVENTS));
    if (sent > 0 && faults.delivered(sent)) {
      stop();
      setImmediate(() => socket.destroySoon());
      return;
    }
    if (sent > 0) {
      wake();
    } else if (draining && creditOf(link) > 0) {
      draining = false;
      link.set_drained(true);
      flush(link);
    }
  }

  function sendSome(limit: number): number {
    let sent = 0;
    let bytes = 0;
    while (sent < limit && bytes < TURN_BYTES && link.sendable()) {
      const event = log.next(next);
      if (!event) break;
      last = link.send(withMetrics ? addMetrics(log, event) : event.bytes, undefined, 0);
      next = event.sequenceNumber + 1;
      bytes += event.bytes.length;
      sent += 1;
    }
    return sent;
  }

  function stop(): void {
    stopped = true;
    unsubscribe();
  }

  const unsubscribe = log.onAppend(wake);
  link.on('sendable', wake);
  link.on('sender_draining', () => {
    draining = true;
    wake();
  });
  return stop;
}

function addMetrics(log: PartitionLog, event: StoredEvent): Buffer {
  const { lastEnqueuedSequenceNumber, lastEnqueuedOffset, lastEnqueuedTime } = log.properties();
  return withRuntimeMetrics(event.bytes, event.annotationsAt, {
    sequenceNumber: lastEnqueuedSequenceNumber,
    offset: lastEnqueuedOffset,
    enqueuedTime: lastEnqueuedTime?.getTime() ?? event.enqueuedTime,
    retrievedTime: Date.now(),
  });
}
