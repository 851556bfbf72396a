// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { synthesize } from '../../src/infra/stacks.fixture.ts';
import { crash, meanwhile } from '../../src/local/aws-faults/index.ts';
import { TIMEOUT, useWorld } from './world.ts';

/** So small that a raw object ends after a few messages, and something can happen between two of them. */
const SMALL_OBJECTS = { rawObjectBytes: 50_000 };

const world = useWorld();

test.concurrent(
  'with nothing broken every event is in the lake once',
  async () => {
    const scenario = await world.scenario({ partitions: 2 });
    scenario.sendGood(40, 0);
    scenario.sendGood(30, 1);

    expect(await scenario.collect()).toMatchObject({ outcome: 'returned', result: { events: 70 } });
    await scenario.transform();

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 70, rejected: 0, doubles: 0 });
  },
  TIMEOUT,
);

test.concurrent(
  'another receiver steals the link in the middle',
  async () => {
    const scenario = await world.scenario(SMALL_OBJECTS);
    scenario.sendGood(300);
    let stolen = 0;
    scenario.aws.order({
      operation: 's3:PutObject',
      after: 1,
      fault: meanwhile(() => {
        stolen = scenario.hub.faults.steal(0);
      }),
    });

    expect(await scenario.collect()).toMatchObject({
      outcome: 'returned',
      result: { partitions: [{ status: 'replaced' }] },
    });
    expect(stolen).toBe(1);
    expect(await scenario.collect()).toMatchObject({ outcome: 'returned' });
    await scenario.transform();

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 300 });
  },
  TIMEOUT,
);

test.concurrent(
  'the connection is lost in the middle of a batch',
  async () => {
    const scenario = await world.scenario();
    scenario.sendGood(300);
    scenario.hub.faults.dropConnectionAfter(150);

    await scenario.collect();
    await scenario.collect();
    await scenario.transform();

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 300 });
  },
  TIMEOUT,
);

test.concurrent(
  'every connection is cut while a raw object is written',
  async () => {
    const scenario = await world.scenario({ ...SMALL_OBJECTS, partitions: 2 });
    scenario.sendGood(150, 0);
    scenario.sendGood(150, 1);
    const cut = scenario.aws.order({
      operation: 's3:PutObject',
      after: 1,
      fault: meanwhile(() => scenario.hub.faults.dropConnections()),
    });

    await scenario.collect();
    expect(cut()).toBe(1);
    await scenario.collect();
    await scenario.transform();

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 300 });
  },
  TIMEOUT,
);

test.concurrent(
  'the source is busy and refuses the link',
  async () => {
    const scenario = await world.scenario();
    scenario.sendGood(20);
    scenario.hub.faults.refuseLinks(3);

    await scenario.collect();
    expect(await scenario.collect()).toMatchObject({ outcome: 'returned' });
    await scenario.transform();

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 20 });
  },
  TIMEOUT,
);

test.concurrent(
  'the deadline comes in the middle',
  async () => {
    const scenario = await world.scenario();
    scenario.sendGood(500);

    expect(await scenario.collect({ looks: 3 })).toMatchObject({
      outcome: 'returned',
      result: { partitions: [{ status: 'deadline' }] },
    });
    await scenario.transform();
    const between = await scenario.account();
    expect(between.inLake).toBeGreaterThan(0);
    expect(between.missing.length).toBeGreaterThan(0);
    expect(await scenario.collect()).toMatchObject({ result: { partitions: [{ status: 'caught up', lag: 0 }] } });
    await scenario.transform();

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 500, doubles: 0 });
  },
  TIMEOUT,
);

test.concurrent(
  'Lambda ends the function at its timeout, between two raw objects',
  async () => {
    const scenario = await world.scenario(SMALL_OBJECTS);
    scenario.sendGood(200);
    scenario.aws.order({
      operation: 's3:PutObject',
      after: 2,
      fault: crash('before', () => scenario.processor.kill()),
    });

    expect(await scenario.collect()).toEqual({ outcome: 'died' });
    expect(await scenario.collect()).toMatchObject({ outcome: 'returned' });
    await scenario.transform();

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 200, doubles: 0 });
  },
  TIMEOUT,
);

test.concurrent(
  'the checkpoint is older than what the source retains: the gap is measured, logged and alarmed',
  async () => {
    const scenario = await world.scenario();
    scenario.sendGood(10);
    await scenario.collect();
    scenario.sendGood(30);
    scenario.hub.trim(0, 25);

    expect(await scenario.collect()).toMatchObject({ outcome: 'returned', result: { lost: 15, events: 15 } });
    await scenario.transform();

    const gap = Array.from({ length: 15 }, (_, at) => `127.0.0.1/${scenario.hub.name}/0/${10 + at}/0`);
    expect(await scenario.account()).toMatchObject({ missing: gap, unknown: [], both: [], unequal: [], inLake: 25 });
    const lines = scenario.processor
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'WARNING',
        message: 'Messages expired in the source before they were collected',
        lost: 15,
        checkpoint: 9,
        oldest: 25,
      }),
    );
    const metric = lines.findLast((line) => '_aws' in line) as Record<string, unknown>;
    expect(metric).toMatchObject({
      service: 'azure-processor',
      EventsLost: [15],
      _aws: { CloudWatchMetrics: [{ Namespace: 'Slake', Dimensions: [['service']] }] },
    });
    synthesize().module.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Slake',
      MetricName: 'EventsLost',
      Dimensions: [{ Name: 'service', Value: 'feeds-processor' }],
      Statistic: 'Sum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: Match.anyValue(),
    });
  },
  TIMEOUT,
);

test.concurrent(
  'the secret is rotated between two runs of a warm function',
  async () => {
    const scenario = await world.scenario();
    scenario.sendGood(10);
    await scenario.collect();
    scenario.hub.rotateKey();
    scenario.sendGood(10);

    expect(await scenario.collect(), 'the secret still holds the old key').toMatchObject({ outcome: 'raised' });
    await scenario.storeSecret();
    expect(await scenario.collect()).toMatchObject({ outcome: 'returned', result: { events: 10 } });
    await scenario.transform();

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 20, doubles: 0 });
  },
  TIMEOUT,
);
