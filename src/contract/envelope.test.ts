// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import vectors from '../../test/vectors/envelope.json' with { type: 'json' };
import { CloudEvent, Pointer, QueueMessage } from './envelope.ts';

describe('a line the collector writes', () => {
  test.each(vectors.cases)('$name', ({ eventhub, lines }) => {
    const events = lines.map((line) => CloudEvent.parse(JSON.parse(line)));

    const partition = `${eventhub.namespace}/${eventhub.hub}/${eventhub.partition}`;
    expect(events.length).toBeGreaterThan(0);
    expect(events.map((event) => event.id)).toEqual(
      lines.map((_, index) => `${partition}/${eventhub.sequence_number}/${index}`),
    );
    for (const event of events) {
      expect(event).toMatchObject({ source: `//${partition}`, time: eventhub.enqueued_time });
      expect('data' in event).toBe(!('data_base64' in event));
    }
  });

  test('never holds a line break', () => {
    for (const line of vectors.cases.flatMap((one) => one.lines)) expect(line).not.toMatch(/[\r\n]/);
  });
});

describe('a pointer', () => {
  test.each(vectors.pointers.valid)('is accepted: $name', ({ value }) => {
    expect(Pointer.parse(value)).toEqual(value);
    expect(QueueMessage.parse(value)).toEqual(value);
  });

  test.each(vectors.pointers.invalid)('is refused: $name', ({ value }) => {
    expect(Pointer.safeParse(value).success).toBe(false);
  });
});

describe('a CloudEvent', () => {
  test.each(vectors.cloudEvents.valid)('is accepted: $name', ({ value }) => {
    expect(CloudEvent.parse(value)).toEqual(value);
    expect(QueueMessage.parse([value])).toEqual([value]);
  });

  test.each(vectors.cloudEvents.invalid)('is refused: $name', ({ value }) => {
    expect(CloudEvent.safeParse(value).success).toBe(false);
    expect(QueueMessage.safeParse([value]).success).toBe(false);
  });
});
