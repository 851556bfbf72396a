// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { type AmqpValue, types } from './amqp.ts';

const HEADER = 0x70;
const DELIVERY_ANNOTATIONS = 0x71;
const MESSAGE_ANNOTATIONS = 0x72;
const APPLICATION_PROPERTIES = 0x74;
const DATA = 0x75;

/** Format code of a transfer that carries a batch: every data section is a message of its own. */
export const BATCH_FORMAT = 0x80013700;

/** Annotations only the hub may set; whatever a producer put there is replaced. */
const OWNED_BY_HUB = new Set(['x-opt-sequence-number', 'x-opt-offset', 'x-opt-enqueued-time', 'x-opt-partition-key']);

/** What a producer sent, kept as bytes so that no AMQP type changes on its way to a receiver. */
export interface Message {
  readonly header: Buffer;
  /** Annotations of the producer, keys and values alternating. */
  readonly annotations: readonly AmqpValue[];
  readonly partitionKey: string | undefined;
  /** Properties, application properties, body and footer. */
  readonly content: Buffer;
}

/** What the hub says about an event: its place in the partition and the time, in epoch milliseconds, it came in. */
export interface HubAnnotations {
  readonly sequenceNumber: number;
  readonly offset: string;
  readonly enqueuedTime: number;
  readonly partitionKey: string | undefined;
}

/** What a receiver that asked for runtime metrics is told with every event. Times are epoch milliseconds. */
export interface RuntimeMetrics {
  readonly sequenceNumber: number;
  readonly offset: string;
  readonly enqueuedTime: number;
  readonly retrievedTime: number;
}

/**
 * Splits one transfer into its messages.
 *
 * @param bytes payload of the transfer, all frames joined
 * @param format its message format: 0, or `BATCH_FORMAT`
 * @throws Error when the bytes are no AMQP message
 * @see https://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-messaging-v1.0-os.html
 */
export function readMessages(bytes: Buffer, format: number): Message[] {
  const outer = readMessage(bytes);
  if (format !== BATCH_FORMAT) return [outer];
  const messages: Message[] = [];
  const reader = new types.Reader(outer.content);
  while (reader.remaining() > 0) {
    const section = reader.read();
    if (section.descriptor?.value !== DATA || !Buffer.isBuffer(section.value)) continue;
    const inner = readMessage(section.value);
    messages.push({ ...inner, partitionKey: inner.partitionKey ?? outer.partitionKey });
  }
  return messages;
}

/** Builds the message of an event that is put into the hub without AMQP. */
export function createMessage(body: Uint8Array, properties: object | undefined, partitionKey?: string): Message {
  const writer = new types.Writer();
  if (properties) writer.write(section(APPLICATION_PROPERTIES, types.wrap_map(properties)));
  writer.write(section(DATA, types.wrap_binary(body)));
  return { header: Buffer.alloc(0), annotations: [], partitionKey, content: writer.toBuffer() };
}

/** The bytes a receiver gets, and where among them delivery annotations belong. */
export function encodeEvent(message: Message, hub: HubAnnotations): { bytes: Buffer; annotationsAt: number } {
  const items = [
    ...message.annotations,
    types.wrap_symbol('x-opt-sequence-number'),
    types.wrap_long(hub.sequenceNumber),
    types.wrap_symbol('x-opt-offset'),
    types.wrap_string(hub.offset),
    types.wrap_symbol('x-opt-enqueued-time'),
    types.wrap_timestamp(hub.enqueuedTime),
  ];
  if (hub.partitionKey !== undefined) {
    items.push(types.wrap_symbol('x-opt-partition-key'), types.wrap_string(hub.partitionKey));
  }
  const annotations = encodeSection(MESSAGE_ANNOTATIONS, types.Map32(items));
  return {
    bytes: Buffer.concat([message.header, annotations, message.content]),
    annotationsAt: message.header.length,
  };
}

/** Puts the runtime metrics of the partition into an encoded event. */
export function withRuntimeMetrics(bytes: Buffer, annotationsAt: number, metrics: RuntimeMetrics): Buffer {
  const annotations = encodeSection(
    DELIVERY_ANNOTATIONS,
    types.Map32([
      types.wrap_symbol('last_enqueued_sequence_number'),
      types.wrap_long(metrics.sequenceNumber),
      types.wrap_symbol('last_enqueued_offset'),
      types.wrap_string(metrics.offset),
      types.wrap_symbol('last_enqueued_time_utc'),
      types.wrap_timestamp(metrics.enqueuedTime),
      types.wrap_symbol('runtime_info_retrieval_time_utc'),
      types.wrap_timestamp(metrics.retrievedTime),
    ]),
  );
  return Buffer.concat([bytes.subarray(0, annotationsAt), annotations, bytes.subarray(annotationsAt)]);
}

function readMessage(bytes: Buffer): Message {
  const reader = new types.Reader(bytes);
  let header = Buffer.alloc(0);
  let annotations: AmqpValue[] = [];
  let partitionKey: string | undefined;
  let contentAt = 0;
  while (reader.remaining() > 0) {
    const start = reader.position;
    const { descriptor, value } = reader.read();
    if (descriptor === undefined) throw new Error('a message section without descriptor');
    contentAt = start;
    if (Number(descriptor.value) > MESSAGE_ANNOTATIONS) break;
    if (descriptor.value === HEADER) header = Buffer.from(bytes.subarray(start, reader.position));
    if (descriptor.value === MESSAGE_ANNOTATIONS) {
      ({ annotations, partitionKey } = readAnnotations(value as AmqpValue[]));
    }
    contentAt = reader.position;
  }
  return { header, annotations, partitionKey, content: bytes.subarray(contentAt) };
}

function readAnnotations(items: readonly AmqpValue[]): { annotations: AmqpValue[]; partitionKey: string | undefined } {
  const annotations: AmqpValue[] = [];
  let partitionKey: string | undefined;
  for (let i = 0; i + 1 < items.length; i += 2) {
    const [key, value] = [items[i], items[i + 1]] as [AmqpValue, AmqpValue];
    if (key.value === 'x-opt-partition-key') partitionKey = String(value.value);
    if (!OWNED_BY_HUB.has(String(key.value))) annotations.push(key, value);
  }
  return { annotations, partitionKey };
}

function section(code: number, value: AmqpValue): AmqpValue {
  return types.described_nc(types.wrap_ulong(code), value);
}

function encodeSection(code: number, value: AmqpValue): Buffer {
  const writer = new types.Writer();
  writer.write(section(code, value));
  return writer.toBuffer();
}
