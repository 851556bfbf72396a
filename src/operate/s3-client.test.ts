// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { afterEach, expect, test, vi } from 'vitest';
import { s3Client } from './s3-client.ts';

afterEach(() => void vi.unstubAllEnvs());

test.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'])(
  'at an endpoint of %s a bucket stands in the path',
  async (name) => {
    const asked: string[] = [];
    const server = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    // By name, as an endpoint that is not on this machine would be reached.
    vi.stubEnv(name, `http://localhost:${(server.address() as AddressInfo).port}`);

    const s3 = s3Client('eu-west-1');
    await s3.send(new HeadBucketCommand({ Bucket: 'some-bucket' }));
    s3.destroy();
    server.close();

    expect(asked).toEqual(['/some-bucket/']);
  },
);

test('without an endpoint, or with an empty one, it is addressed as AWS prescribes', () => {
  vi.stubEnv('AWS_ENDPOINT_URL', '');

  expect(s3Client('eu-west-1').config.forcePathStyle).toBe(false);
});

test('an endpoint on another machine is one too', () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://cloud.internal:4566');

  expect(s3Client('eu-west-1').config.forcePathStyle).toBe(true);
});
