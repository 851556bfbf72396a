// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import rhea from 'rhea';
import { expect, test } from 'vitest';
import { BATCH_FORMAT, createMessage, encodeEvent, readMessages, withRuntimeMetrics } from './sections.ts';

const HUB = { sequenceNumber: 7, offset: '700', enqueuedTime: 1_700_000_000_000, partitionKey: undefined };

function encode(message: object): Buffer {
  return rhea.message.encode(message);
}

test('an event keeps what its producer said, but for what only the hub may say', () => {
  const bytes = encode({
    durable: true,
    message_annotations: { 'x-opt-offset': 'forged', 'x-opt-partition-key': 'tenant-a', 'x-own': 1 },
    subject: 'alert',
    application_properties: { tenant: 'a' },
    body: rhea.message.data_section(Buffer.from('body')),
  });
  const [message] = readMessages(bytes, 0);
  if (!message) throw new Error('no message');
  const encoded = encodeEvent(message, { ...HUB, partitionKey: message.partitionKey });
  const event = rhea.message.decode(encoded.bytes);
  expect(encoded.bytes.includes('forged')).toBe(false);
  expect(event).toMatchObject({ durable: true, subject: 'alert', application_properties: { tenant: 'a' } });
  expect(event.body.content.toString()).toBe('body');
  expect(event.message_annotations).toEqual({
    'x-own': 1,
    'x-opt-sequence-number': 7,
    'x-opt-offset': '700',
    'x-opt-enqueued-time': new Date(HUB.enqueuedTime),
    'x-opt-partition-key': 'tenant-a',
  });
});

test('a batch is taken apart, and its partition key is that of each message', () => {
  const inner = ['a', 'b'].map((body) => encode({ body: rhea.message.data_section(Buffer.from(body)) }));
  const bytes = encode({
    message_annotations: { 'x-opt-partition-key': 'k' },
    body: rhea.message.data_sections(inner),
  });
  const messages = readMessages(bytes, BATCH_FORMAT);
  expect(messages.map((message) => message.partitionKey)).toEqual(['k', 'k']);
  expect(messages.map((message) => rhea.message.decode(message.content).body.content.toString())).toEqual(['a', 'b']);
});

test('runtime metrics stand where AMQP wants them: after the header, before the annotations', () => {
  const [message] = readMessages(encode({ durable: true, body: rhea.message.data_section(Buffer.from('a')) }), 0);
  if (!message) throw new Error('no message');
  const { bytes, annotationsAt } = encodeEvent(message, HUB);
  const metrics = { sequenceNumber: 9, offset: '900', enqueuedTime: 1, retrievedTime: 2 };
  const event = rhea.message.decode(withRuntimeMetrics(bytes, annotationsAt, metrics));
  expect(event.delivery_annotations).toMatchObject({ last_enqueued_sequence_number: 9, last_enqueued_offset: '900' });
  expect(event).toMatchObject({ durable: true, message_annotations: { 'x-opt-sequence-number': 7 } });
});

test('an event put in without AMQP carries its properties and its bytes', () => {
  const body = Buffer.from([0, 255, 128]);
  const { bytes } = encodeEvent(createMessage(body, { tenant: 'a', count: 3, live: true }), HUB);
  const event = rhea.message.decode(bytes);
  expect(event.application_properties).toEqual({ tenant: 'a', count: 3, live: true });
  expect(event.body.content).toEqual(body);
});

test('bytes that are no message are refused', () => {
  expect(() => readMessages(Buffer.from('plain text'), 0)).toThrow();
});
