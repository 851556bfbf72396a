// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { Socket } from 'node:net';
import rhea, { type Connection, type Sender } from 'rhea';

/** A value with its AMQP type, as rhea reads and writes it. */
export interface AmqpValue {
  readonly value: unknown;
  readonly descriptor?: { readonly value: unknown };
}

interface AmqpReader {
  readonly position: number;
  remaining(): number;
  read(): AmqpValue;
}

interface AmqpWriter {
  write(value: AmqpValue): void;
  toBuffer(): Buffer;
}

/** The part of rhea's type codec that is used here; its own declarations leave half of it out. */
interface AmqpTypes {
  readonly Reader: new (bytes: Buffer) => AmqpReader;
  readonly Writer: new () => AmqpWriter;
  Map32(items: AmqpValue[]): AmqpValue;
  described_nc(descriptor: AmqpValue, value: AmqpValue): AmqpValue;
  unwrap(value: AmqpValue): unknown;
  wrap_array(items: readonly string[], typecode: number): AmqpValue;
  wrap_binary(bytes: Uint8Array): AmqpValue;
  wrap_int(value: number): AmqpValue;
  wrap_long(value: number): AmqpValue;
  wrap_map(map: object): AmqpValue;
  wrap_string(text: string): AmqpValue;
  wrap_symbol(text: string): AmqpValue;
  wrap_timestamp(milliseconds: number): AmqpValue;
  wrap_ulong(value: number): AmqpValue;
}

export const types = rhea.types as unknown as AmqpTypes;

/** Type code of short UTF-8 text, needed to declare what an array holds. */
export const SHORT_TEXT = 0xa1;

/** What a link, a session or a delivery is refused with. */
export interface AmqpFailure {
  readonly condition: string;
  readonly description: string;
}

/** The error with all its fields: the Python SDK reads the third one without asking whether it was sent. */
export function wireError(failure: AmqpFailure): { condition: string; description: string; info: object } {
  return { condition: failure.condition, description: failure.description, info: {} };
}

/** How many messages the peer still takes on a sending link. */
export function creditOf(link: Sender): number {
  return (link as unknown as { credit: number }).credit;
}

/** Makes rhea write what is pending on the connection of a link. */
export function flush(link: Sender): void {
  link.connection._register();
}

interface Frame {
  readonly performative: { value: unknown[]; message_format?: number | null; handle_max?: number | null };
}

/** Fields of every performative, by descriptor: open to close. */
const FIELD_COUNT = new Map([
  [0x10, 10],
  [0x11, 8],
  [0x12, 14],
  [0x13, 11],
  [0x14, 11],
  [0x15, 6],
  [0x16, 3],
  [0x17, 1],
  [0x18, 1],
]);
const BEGIN = 0x11;
const HANDLE_MAX = 255;

/**
 * Makes a connection write every field of every performative, also trailing ones without value. AMQP lets a peer leave
 * those out and rhea does; the Python SDK reads fields by index and fails on a shorter list.
 */
export function writeWholePerformatives(connection: Connection): void {
  const write = connection._write_frame as (...args: unknown[]) => void;
  connection._write_frame = (channel: number, performative?: Frame['performative'], payload?: Buffer) => {
    if (performative) {
      const { numeric } = (performative.constructor as unknown as { descriptor: { numeric: number } }).descriptor;
      if (numeric === BEGIN) performative.handle_max ??= HANDLE_MAX;
      performative.value.length = FIELD_COUNT.get(numeric) ?? performative.value.length;
    }
    write.call(connection, channel, performative, payload);
  };
}

/**
 * Makes a connection hand over received messages as bytes. rhea decodes format 0 into JavaScript values, which loses
 * the AMQP types; it leaves every other format alone.
 */
export function keepMessagesRaw(connection: Connection): void {
  const receive = connection.on_transfer as (frame: Frame) => void;
  connection.on_transfer = (frame: Frame) => {
    if (frame.performative.message_format === 0) frame.performative.message_format = null;
    receive.call(connection, frame);
  };
}

/** Keeps a connection from writing to a socket that either side has ended; rhea does not look. */
export function stopWritingWhenClosed(connection: Connection, socket: Socket): void {
  const output = connection.output as () => void;
  connection.output = () => {
    if (socket.writable) output.call(connection);
  };
}
