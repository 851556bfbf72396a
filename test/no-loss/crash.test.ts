// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { type Call, crash } from '../../src/local/aws-faults/index.ts';
import { TIMEOUT, useWorld } from './world.ts';

const world = useWorld();

test.concurrent.each([
  { where: 'before the raw object', operation: 's3:PutObject', when: 'before', pointers: 0, checkpointed: 0 },
  { where: 'between raw object and pointer', operation: 's3:PutObject', when: 'after', pointers: 0, checkpointed: 0 },
  {
    where: 'between pointer and checkpoint',
    operation: 'sqs:SendMessageBatch',
    when: 'after',
    pointers: 1,
    checkpointed: 0,
  },
  { where: 'right after the checkpoint', operation: 'dynamodb:PutItem', when: 'after', pointers: 1, checkpointed: 20 },
] as const)(
  'the processor dies $where',
  async ({ operation, when, pointers, checkpointed }) => {
    const scenario = await world.scenario();
    scenario.sendGood(20);
    scenario.aws.order({ operation, fault: crash(when, () => scenario.processor.kill()) });

    expect(await scenario.collect()).toEqual({ outcome: 'died' });
    expect(scenario.aws.calls('sqs:SendMessageBatch')).toBe(pointers);
    // What comes in the meantime makes the next raw object another one.
    scenario.sendGood(10);
    expect(await scenario.collect()).toMatchObject({ outcome: 'returned', result: { events: 30 - checkpointed } });
    await scenario.transform();

    const found = await scenario.expectNothingLost();
    expect(found).toMatchObject({ inLake: 30, rejected: 0 });
    // Only a pointer without checkpoint makes rows twice, all with the metadata.uid they had.
    if (pointers === 1 && checkpointed === 0) expect(found.doubles).toBeGreaterThanOrEqual(20);
    else expect(found.doubles).toBe(0);
  },
  TIMEOUT,
);

const toLake = ({ resource }: Call) => resource.includes('-lake/');
const toRejected = ({ resource }: Call) => resource.includes('-raw/rejected/');

test.concurrent.each([
  { where: 'before Parquet', target: toLake, when: 'before' },
  { where: 'between two Parquet objects', target: toLake, when: 'after' },
  { where: 'between Parquet and rejected events', target: toRejected, when: 'before' },
  { where: 'between the last write and the acknowledgement', target: toRejected, when: 'after' },
] as const)(
  'the transformer dies $where',
  async ({ target, when }) => {
    const scenario = await world.scenario();
    scenario.sendGood(50);
    scenario.send('not JSON');
    scenario.aws.order({
      operation: 's3:PutObject',
      where: target,
      fault: crash(when, () => scenario.transformer.kill()),
    });

    await scenario.collect();
    expect(await scenario.transform()).toBe(2);

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 50, rejected: 1, doubles: 0 });
  },
  TIMEOUT,
);
