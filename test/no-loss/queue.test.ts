// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { slowDown } from '../../src/local/aws-faults/index.ts';
import { TIMEOUT, useWorld } from './world.ts';

const SMALL_OBJECTS = { rawObjectBytes: 20_000 };

const world = useWorld();

test.concurrent(
  'a pointer is delivered twice: its rows are written over themselves',
  async () => {
    const scenario = await world.scenario();
    scenario.sendGood(50);
    scenario.send('not JSON');

    await scenario.collect();
    expect(await scenario.transform({ forgets: 1 })).toBe(2);

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 50, rejected: 1, doubles: 0 });
  },
  TIMEOUT,
);

test.concurrent(
  'pointers are delivered out of order',
  async () => {
    const scenario = await world.scenario(SMALL_OBJECTS);
    scenario.sendGood(100);

    await scenario.collect();
    expect((await scenario.rawObjects()).length).toBeGreaterThan(2);
    await scenario.transform({ reorder: (messages) => messages.toReversed() });

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 100, doubles: 0 });
  },
  TIMEOUT,
);

test.concurrent(
  'poison of every kind stands among good events in one raw object',
  async () => {
    const scenario = await world.scenario();
    const poison: readonly (readonly [body: string | Uint8Array, events: number])[] = [
      ['', 1],
      ['not JSON', 1],
      ['{"time": truncated', 1],
      ['[{"a":1},{"b":2},{"c":', 3],
      ['{"a":1}{"b":2} and more', 3],
      [Uint8Array.from([0xff, 0xfe, 0x00, 0x7b]), 1],
      ['null', 1],
      ['42', 1],
      ['[]', 1],
      ['{"records":[]}', 1],
      ['{"records":[null,1,"text",[]]}', 4],
      ['{"kind":"nobody maps this"}', 1],
      ['{"__proto__":{"polluted":true},"constructor":1}', 1],
      ['{"SystemAlertId":1,"AlertType":{},"TimeGenerated":"yesterday"}', 1],
      ['{"SystemAlertId":"a","AlertType":"b","TimeGenerated":1e300}', 1],
      [`${'['.repeat(5_000)}${']'.repeat(5_000)}`, 1],
      [`{"text":"${'\\u0000'.repeat(100_000)}"}`, 1],
    ];
    for (const [body, events] of poison) {
      scenario.sendGood(2);
      scenario.send(body, events);
    }
    const bad = poison.reduce((sum, [, events]) => sum + events, 0);

    expect(await scenario.collect()).toMatchObject({ outcome: 'returned' });
    expect(await scenario.rawObjects()).toHaveLength(1);
    expect(await scenario.transform()).toBe(1);

    expect(await scenario.expectNothingLost()).toMatchObject({
      inLake: 2 * poison.length,
      rejected: bad,
      doubles: 0,
    });
  },
  TIMEOUT,
);

test.concurrent(
  'one message of a batch fails: only it comes again',
  async () => {
    const scenario = await world.scenario(SMALL_OBJECTS);
    scenario.sendGood(60);
    await scenario.collect();
    const objects = await scenario.rawObjects();
    expect(objects.length).toBeGreaterThan(2);
    scenario.aws.order({
      operation: 's3:GetObject',
      where: ({ resource }) => resource.endsWith(objects[1] ?? ''),
      fault: slowDown(),
      times: 3,
    });

    await scenario.transform({ batch: 10 });

    expect(scenario.aws.calls('s3:GetObject')).toBe(objects.length + 3);
    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 60, doubles: 0 });
  },
  TIMEOUT,
);

test.concurrent(
  'a message that can never succeed is kept in the dead letter queue and holds nobody up',
  async () => {
    const scenario = await world.scenario();
    scenario.sendGood(20);
    await scenario.collect();
    const pointer = (dataref: string, eventcount: number) =>
      JSON.stringify({
        specversion: '1.0',
        id: dataref,
        source: '//contoso/hub/0',
        type: 'com.microsoft.azure.eventhub',
        time: '2026-01-02T03:04:05.678Z',
        dataref,
        eventcount,
      });
    const empty = await scenario.putRaw('empty.ndjson.gz', gzipSync(''));
    const whole = gzipSync('{"specversion":"1.0"}\n'.repeat(1_000));
    const truncated = await scenario.putRaw('truncated.ndjson.gz', whole.subarray(0, whole.length - 12));
    const hopeless = [
      pointer(empty, 7),
      pointer(truncated, 1_000),
      pointer(empty, 0),
      pointer(empty.replace('empty', 'missing'), 1),
      pointer('s3://another-bucket/raw/azure/x.ndjson.gz', 1),
      'no pointer and no event',
    ];
    for (const body of hopeless) await scenario.queue.send(body);

    await scenario.transform({ batch: 10 });

    expect((await scenario.queue.deadLetters()).toSorted()).toEqual(hopeless.toSorted());
    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 20, rejected: 0 });
    for (const code of ['SLK-PIPELINE-002', 'SLK-PIPELINE-003', 'SLK-PIPELINE-004', 'NoSuchKey']) {
      expect(scenario.transformer.log()).toContain(code);
    }
  },
  TIMEOUT,
);
