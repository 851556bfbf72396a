// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import {
  type Call,
  conditionRefused,
  entriesRefused,
  internalError,
  lostAnswer,
  slowDown,
  throttled,
} from '../../src/local/aws-faults/index.ts';
import { TIMEOUT, useWorld } from './world.ts';

/** Tries of a call by the processor's clients. */
const ATTEMPTS = 5;
/** Tries of a call by the transformer's clients, the SDK's default. */
const SDK_ATTEMPTS = 3;

const world = useWorld();

test.concurrent(
  'every call of the processor goes wrong once: the same run goes on',
  async () => {
    const scenario = await world.scenario();
    scenario.sendGood(20);
    const happened = [
      { operation: 'secretsmanager:GetSecretValue', fault: internalError() },
      { operation: 'dynamodb:GetItem', fault: throttled() },
      { operation: 's3:PutObject', fault: slowDown() },
      { operation: 's3:PutObject', fault: lostAnswer() },
      { operation: 'sqs:SendMessageBatch', fault: entriesRefused({ senderFault: false }) },
      { operation: 'sqs:SendMessageBatch', fault: internalError() },
      { operation: 'sqs:SendMessageBatch', fault: lostAnswer() },
      { operation: 'dynamodb:PutItem', fault: throttled() },
      { operation: 'dynamodb:PutItem', fault: lostAnswer() },
    ].map((order) => scenario.aws.order(order));

    expect(await scenario.collect()).toMatchObject({
      outcome: 'returned',
      result: { events: 20, partitions: [{ status: 'caught up' }] },
    });
    expect(happened.map((times) => times())).toEqual(happened.map(() => 1));
    await scenario.transform();

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 20, doubles: 0 });
  },
  TIMEOUT,
);

test.concurrent.each([
  {
    what: 'S3 answers 503 to every try of a raw object',
    operation: 's3:PutObject',
    fault: slowDown(),
    times: ATTEMPTS,
    expected: { outcome: 'raised' },
  },
  {
    what: 'SQS refuses every try of a pointer',
    operation: 'sqs:SendMessageBatch',
    fault: entriesRefused({ senderFault: false }),
    times: ATTEMPTS,
    expected: { outcome: 'raised' },
  },
  {
    what: 'SQS refuses a pointer for good',
    operation: 'sqs:SendMessageBatch',
    fault: entriesRefused({ senderFault: true }),
    times: 1,
    expected: { outcome: 'raised' },
  },
  {
    what: 'DynamoDB throttles every try of a checkpoint',
    operation: 'dynamodb:PutItem',
    fault: throttled(),
    times: ATTEMPTS,
    expected: { outcome: 'raised' },
  },
  {
    what: 'DynamoDB refuses the condition of a checkpoint',
    operation: 'dynamodb:PutItem',
    fault: conditionRefused(),
    times: 1,
    expected: { outcome: 'returned', result: { partitions: [{ status: 'overtaken' }] } },
  },
])(
  '$what: the next run delivers again from the checkpoint',
  async ({ operation, fault, times, expected }) => {
    const scenario = await world.scenario();
    scenario.sendGood(10);
    await scenario.collect();
    scenario.sendGood(20);
    const happened = scenario.aws.order({ operation, fault, times });

    expect(await scenario.collect()).toMatchObject(expected);
    expect(happened()).toBe(times);
    expect(await scenario.collect()).toMatchObject({ outcome: 'returned', result: { events: 20 } });
    await scenario.transform();

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 30, doubles: 0 });
  },
  TIMEOUT,
);

const toLake = ({ resource }: Call) => resource.includes('-lake/');
const toRejected = ({ resource }: Call) => resource.includes('-raw/rejected/');

test.concurrent(
  'each call of the transformer is refused longer than the SDK tries: the pointer comes again',
  async () => {
    const scenario = await world.scenario();
    scenario.sendGood(20);
    scenario.send('not JSON');
    const happened = [
      { operation: 's3:GetObject', fault: slowDown() },
      { operation: 'sts:AssumeRole', fault: internalError() },
      { operation: 's3:PutObject', where: toLake, fault: slowDown() },
      { operation: 's3:PutObject', where: toRejected, fault: slowDown() },
    ].map((order) => scenario.aws.order({ ...order, times: SDK_ATTEMPTS }));

    await scenario.collect();
    expect(await scenario.transform()).toBe(1 + happened.length);
    expect(happened.map((times) => times())).toEqual(happened.map(() => SDK_ATTEMPTS));

    expect(await scenario.expectNothingLost()).toMatchObject({ inLake: 20, rejected: 1, doubles: 0 });
    expect(await scenario.queue.deadLetters()).toEqual([]);
  },
  TIMEOUT,
);
