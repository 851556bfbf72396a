// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type AwsFaults,
  crash,
  hang,
  internalError,
  lostAnswer,
  meanwhile,
  slowDown,
  startAwsFaults,
} from './index.ts';

let upstream: Server;
let done: string[];
let faults: AwsFaults;
let s3: S3Client;

beforeEach(async () => {
  done = [];
  upstream = createServer((request, response) => {
    request.resume().on('end', () => {
      done.push(`${request.method} ${request.url?.split('?')[0]}`);
      response.end('body');
    });
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  faults = await startAwsFaults(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  s3 = new S3Client({ ...client(), forcePathStyle: true });
});

afterEach(async () => {
  await faults.close();
  upstream.closeAllConnections();
  upstream.close();
});

function client() {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'embedded' };
  return { endpoint: faults.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
}

const put = (Key = 'raw/a b.gz') => s3.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: 'x' }));

test('hands on what nobody ordered a fault for, and counts it', async () => {
  await put();
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'other' }));

  expect(await Body?.transformToString()).toBe('body');
  expect(done).toEqual(['PUT /bucket/raw/a%20b.gz', 'GET /bucket/other']);
  expect(faults.calls('s3:PutObject')).toBe(1);
  expect(faults.calls('s3:GetObject')).toBe(1);
});

test('answers in the place of AWS for the calls it was ordered for', async () => {
  const happened = faults.order({
    operation: 's3:PutObject',
    where: ({ resource }) => resource === 'bucket/raw/a b.gz',
    after: 1,
    times: 2,
    fault: slowDown(),
  });

  await put();
  await put('elsewhere');
  for (let time = 0; time < 2; time += 1) {
    await expect(put()).rejects.toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
  }
  await put();

  expect(happened()).toBe(2);
  expect(done).toHaveLength(3);
});

test('knows a query service by its signature and its form', async () => {
  faults.order({ operation: 'sts:AssumeRole', fault: internalError() });

  await expect(
    new STSClient(client()).send(new AssumeRoleCommand({ RoleArn: `arn:${'x'.repeat(20)}`, RoleSessionName: 'name' })),
  ).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  expect(done).toEqual([]);
});

test('loses an answer after the call was carried out', async () => {
  faults.order({ operation: 's3:PutObject', fault: lostAnswer() });

  await expect(put()).rejects.toThrow();
  expect(done).toHaveLength(1);
});

test.each(['before', 'after'] as const)('kills the caller %s the call is carried out', async (when) => {
  let killed = 0;
  faults.order({
    operation: 's3:PutObject',
    fault: crash(when, () => {
      killed += 1;
    }),
  });

  await expect(put()).rejects.toThrow();
  expect(killed).toBe(1);
  expect(done).toHaveLength(when === 'after' ? 1 : 0);
});

test('lets something happen first', async () => {
  const seen: number[] = [];
  faults.order({ operation: 's3:PutObject', fault: meanwhile(() => void seen.push(done.length)) });

  await put();

  expect(seen).toEqual([0]);
  expect(done).toHaveLength(1);
});

test('hangs until the caller gives up, or until it is closed', async () => {
  faults.order({ operation: 's3:PutObject', fault: hang() });
  const answer = expect(put()).rejects.toThrow();

  while (faults.calls('s3:PutObject') === 0) await new Promise(setImmediate);
  await faults.close();
  faults = await startAwsFaults('http://127.0.0.1:1');

  await answer;
  expect(done).toEqual([]);
});

test('takes back what has not happened', async () => {
  faults.order({ operation: 's3:PutObject', fault: slowDown() });
  faults.clear();

  await put();
});
