// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Pointer } from '../contract/envelope.ts';
import { pointerRefused } from '../errors/collector.ts';
import { Failure } from '../errors/failure.ts';
import type { Clients } from './clients.ts';
import { type RawObject, rawKey, rawName } from './raw-object.ts';

/** Kept free at the end of an invocation, to compress, write and checkpoint what was received. */
const MARGIN_MS = 25_000;

/** Whether there is no time left for something that takes so many milliseconds more. */
export type IsLate = (nextMs?: number) => boolean;

/** Answers whether it is time to stop receiving; of a short time the last quarter is kept free. */
export function deadlineOf(remainingMs: () => number): IsLate {
  const margin = Math.min(MARGIN_MS, remainingMs() / 4);
  return (nextMs = 0) => remainingMs() <= margin + nextMs;
}

/** What a raw object holds, for its name. */
export interface Content {
  /** `<host>/<log>` */
  readonly origin: string;
  readonly stream: string;
  readonly first: number;
  readonly last: number;
  readonly firstTime: Date;
}

/** The raw bucket and the queue of a module. */
export interface Delivery {
  readonly s3: Clients['s3'];
  readonly sqs: Clients['sqs'];
  readonly moduleId: string;
  readonly rawBucket: string;
  readonly queueUrl: string;
  /** Text of one raw object before compression, in bytes; one page may go over it. */
  readonly rawObjectBytes: number;
}

/**
 * Writes a raw object, then sends its pointer; returns its bytes, compressed. Only after that may a checkpoint move.
 * Throws SLK-COL-009, and what S3 refused.
 */
export async function deliver(delivery: Delivery, object: RawObject, content: Content): Promise<number> {
  const { moduleId, rawBucket: Bucket } = delivery;
  const { origin, stream, first, last, firstTime } = content;
  const Body = object.finish();
  // The last page of a log may grow, so the same numbers may stand for different content.
  const digest = createHash('sha256').update(Body).digest('hex').slice(0, 12);
  const Key = rawKey(moduleId, stream, firstTime, `${rawName(origin, first, last, firstTime)}_${digest}`);
  await delivery.s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/gzip' }));
  await sendPointer(delivery, {
    specversion: '1.0',
    id: Key,
    source: `//${origin}`,
    type: stream,
    time: new Date().toISOString(),
    dataref: `s3://${Bucket}/${Key}`,
    eventcount: object.count,
  });
  return Body.length;
}

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;

/** The client repeats what is worth it; what is left is tried a few times more, since the object is written already. */
async function sendPointer({ sqs, queueUrl }: Delivery, pointer: Pointer): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(pointer) }));
      return;
    } catch (error) {
      const { name, $fault } = error as Error & { readonly $fault?: 'client' | 'server' };
      if ($fault === 'client' || attempt === ATTEMPTS) {
        const why = `The queue refused a pointer${attempt > 1 ? ` ${attempt} times` : ''}: ${name}`;
        throw new Failure(pointerRefused, { why }, { cause: error });
      }
      await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}
