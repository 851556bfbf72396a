// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { Position } from './position.ts';
import { encodeEvent, type Message } from './sections.ts';

/** An event in a partition, encoded once for all its receivers. */
export interface StoredEvent {
  readonly sequenceNumber: number;
  readonly offset: string;
  /** Epoch milliseconds. */
  readonly enqueuedTime: number;
  readonly bytes: Buffer;
  /** Where in `bytes` delivery annotations belong. */
  readonly annotationsAt: number;
  /** How many bytes the partition held before this event. */
  readonly position: number;
}

/** What is known of a partition. An empty one begins after its last event. */
export interface PartitionProperties {
  readonly id: string;
  readonly beginningSequenceNumber: number;
  /** -1 before the first event. */
  readonly lastEnqueuedSequenceNumber: number;
  /** `-1` before the first event. */
  readonly lastEnqueuedOffset: string;
  readonly lastEnqueuedTime: Date | undefined;
  readonly isEmpty: boolean;
}

/** Where a receiver starts, or why the position it asked for does not exist. */
export type Start = { readonly sequenceNumber: number } | { readonly refusal: string };

/** One partition: an append-only log of events whose beginning can be cut off, as retention does. */
export class PartitionLog {
  readonly id: string;
  readonly #opaqueOffsets: boolean;
  readonly #listeners = new Set<() => void>();
  #events: StoredEvent[] = [];
  #begin = 0;
  #end = 0;
  #length = 0;
  #lastOffset = '-1';
  #lastTime: number | undefined;

  constructor(id: string, opaqueOffsets: boolean) {
    this.id = id;
    this.#opaqueOffsets = opaqueOffsets;
  }

  /** Appends an event; `enqueuedTime` is in epoch milliseconds. Listeners are not told, see `announce`. */
  append(message: Message, enqueuedTime: number): StoredEvent {
    const sequenceNumber = this.#end;
    const offset = this.#opaqueOffsets ? `0:${this.#length}` : String(this.#length);
    const { partitionKey } = message;
    const encoded = encodeEvent(message, { sequenceNumber, offset, enqueuedTime, partitionKey });
    const event = { sequenceNumber, offset, enqueuedTime, position: this.#length, ...encoded };
    this.#events.push(event);
    this.#end += 1;
    this.#length += encoded.bytes.length;
    this.#lastOffset = offset;
    this.#lastTime = enqueuedTime;
    return event;
  }

  /** Tells the receivers that are waiting that there is something to read. */
  announce(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` at every announcement, until the returned function is called. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first event still kept whose sequence number is at least `sequenceNumber`. */
  next(sequenceNumber: number): StoredEvent | undefined {
    return this.#events[Math.max(sequenceNumber - this.#begin, 0)];
  }

  /** Resolves a position. What retention has taken is skipped; what never existed is refused. */
  start(position: Position): Start {
    switch (position.kind) {
      case 'earliest':
        return { sequenceNumber: this.#begin };
      case 'latest':
        return { sequenceNumber: this.#end };
      case 'sequence': {
        const first = position.sequenceNumber + (position.inclusive ? 0 : 1);
        if (first <= this.#end) return { sequenceNumber: Math.max(first, this.#begin) };
        return { refusal: `no sequence number ${position.sequenceNumber}: the last one is ${this.#end - 1}` };
      }
      case 'offset':
        return this.#startAtOffset(position.offset, position.inclusive);
      case 'time': {
        const { milliseconds, inclusive } = position;
        const event = this.#events.find((each) => each.enqueuedTime >= milliseconds + (inclusive ? 0 : 1));
        return { sequenceNumber: event?.sequenceNumber ?? this.#end };
      }
    }
  }

  #startAtOffset(offset: string, inclusive: boolean): Start {
    const digits = this.#opaqueOffsets ? /^0:(\d+)$/.exec(offset)?.[1] : /^\d+$/.exec(offset)?.[0];
    if (digits === undefined || Number(digits) >= this.#length) {
      return { refusal: `no offset ${offset}: the last one is ${this.#lastOffset}` };
    }
    const position = Number(digits) + (inclusive ? 0 : 1);
    const event = this.#events.find((each) => each.position >= position);
    return { sequenceNumber: event?.sequenceNumber ?? this.#end };
  }

  /** Forgets every event before `sequenceNumber`, as retention does. */
  trim(sequenceNumber: number): void {
    const begin = Math.min(Math.max(sequenceNumber, this.#begin), this.#end);
    this.#events = this.#events.slice(begin - this.#begin);
    this.#begin = begin;
  }

  properties(): PartitionProperties {
    return {
      id: this.id,
      beginningSequenceNumber: this.#begin,
      lastEnqueuedSequenceNumber: this.#end - 1,
      lastEnqueuedOffset: this.#lastOffset,
      lastEnqueuedTime: this.#lastTime === undefined ? undefined : new Date(this.#lastTime),
      isEmpty: this.#begin === this.#end,
    };
  }
}
