// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CloudEvent, Pointer } from '../contract/envelope.ts';
import { sourceFailed } from '../errors/collector.ts';
import { Failure } from '../errors/failure.ts';
import { CheckpointTable } from './checkpoint.ts';
import { deadlineOf } from './delivery.ts';
import { inMemoryAws } from './in-memory.ts';
import { type Collected, collect, type LogRecord, type PagedSource } from './pages.ts';
import { RawObject, rawKey, rawName } from './raw-object.ts';

const FIRST_TIME = Date.parse('2026-01-02T03:04:05Z');

/** `count` records, handed out two at a time; its cursors are `c<records before>`. */
class Log implements PagedSource {
  readonly stream = 'com.example.log';
  readonly origin = 'api.example.com/log';
  readonly asked: (string | undefined)[] = [];
  count: number;
  beforePage: (number: number) => void | Promise<void> = () => {};

  constructor(count: number) {
    this.count = count;
  }

  async page(cursor: string | undefined) {
    this.asked.push(cursor);
    await this.beforePage(this.asked.length);
    const start = Number(cursor?.slice(1) ?? 0);
    const end = Math.min(start + 2, this.count);
    const records = Array.from({ length: Math.max(0, end - start) }, (_, index): LogRecord => {
      const n = start + index;
      return { id: `r${n}`, time: new Date(FIRST_TIME + n * 1000), body: `{"n":${n}}` };
    });
    return { records, cursor: `c${end}`, hasMore: end < this.count };
  }
}

/** AWS in memory, which outlasts the runs. */
function world(rawObjectBytes = 10 ** 9) {
  const aws = inMemoryAws();
  let runs = 0;
  return {
    aws,
    run(log: PagedSource, isLate = () => false): Promise<Collected> {
      runs += 1;
      const table = new CheckpointTable(aws.clients.dynamodb, 'checkpoints', 'm#api.example.com/log', `run-${runs}`);
      const places = { moduleId: 'm', rawBucket: 'raw-bucket', queueUrl: 'https://sqs.invalid/q', rawObjectBytes };
      return collect(log, { ...aws.clients, ...places }, table, isLate);
    },
    numbers: () => (aws.objects.size === 0 ? [] : aws.lines().map((line) => JSON.parse(line).data.n as number)),
    position() {
      const [item] = aws.items.values();
      return item && [item.sequence_number?.N, item.offset?.S].join(' ');
    },
  };
}

describe('a paged log', () => {
  test('is read to its end, and the next run goes on behind it', async () => {
    const { run, numbers, position } = world();
    const log = new Log(5);

    expect(await run(log)).toMatchObject({ status: 'caught up', pages: 3, events: 5, objects: 1 });
    log.count = 7;
    expect(await run(log)).toMatchObject({ pages: 1, events: 2, objects: 1 });
    expect(numbers()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(log.asked).toEqual([undefined, 'c2', 'c4', 'c5']);
    expect(position()).toBe('4 c7');
  });

  test('gives the CloudEvents and the pointer that the transformer reads', async () => {
    const { aws, run } = world();

    await run(new Log(1));

    const [key = ''] = aws.objects.keys();
    expect(key).toMatch(
      /^raw\/m\/com\.example\.log\/2026-01-02\/api\.example\.com_log_1-1_2026-01-02T030405\.000Z_[0-9a-f]{12}\.ndjson\.gz$/,
    );
    expect(CloudEvent.parse(JSON.parse(aws.lines()[0] ?? ''))).toEqual({
      specversion: '1.0',
      id: 'api.example.com/log/r0',
      source: '//api.example.com/log',
      type: 'com.example.log',
      time: '2026-01-02T03:04:05.000Z',
      data: { n: 0 },
    });
    const pointer = Pointer.parse(JSON.parse(aws.messages[0] ?? ''));
    expect(pointer).toMatchObject({ id: key, dataref: `s3://raw-bucket/${key}`, eventcount: 1 });
  });

  test('without anything new moves nothing', async () => {
    const { aws, run, position } = world();
    const log = new Log(2);
    await run(log);

    expect(await run(log)).toEqual({ status: 'caught up', pages: 0, events: 0, objects: 0, bytes: 0 });
    expect(aws.messages).toHaveLength(1);
    expect(position()).toBe('1 c2');
  });

  test('moves the checkpoint without an object for an empty page with a new cursor', async () => {
    const { aws, run, position } = world();
    const log = { stream: 's', origin: 'o', page: async () => ({ records: [], cursor: 'later', hasMore: false }) };

    expect(await run(log)).toMatchObject({ pages: 1, objects: 0 });
    expect(position()).toBe('1 later');
    expect(aws.messages).toEqual([]);
  });

  test('ends where a cursor does not move', async () => {
    const { run, numbers } = world();
    const log = new Log(4);
    const standing: PagedSource = {
      ...{ stream: log.stream, origin: log.origin },
      page: async (cursor) => ({ ...(await log.page(cursor)), cursor: 'c2', hasMore: true }),
    };

    await expect(run(standing)).rejects.toThrow('does not move');
    expect(numbers()).toEqual([0, 1]);
  });

  test('is made safe before the next page is asked for, where an object is full', async () => {
    const { run, position } = world(1);
    const log = new Log(6);
    const safe: unknown[] = [];
    log.beforePage = () => void safe.push(position());

    expect(await run(log)).toMatchObject({ objects: 3 });
    expect(safe).toEqual([undefined, '1 c2', '2 c4']);
  });

  test('is left with everything safe when time is up', async () => {
    const { run, numbers, position } = world();
    const late = [false, true];

    const log = new Log(6);
    expect(await run(log, () => late.shift() ?? true)).toMatchObject({ status: 'deadline', events: 4 });
    expect(position()).toBe('2 c4');
    await run(log);
    expect(numbers()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('is delivered as far as it came, where the source fails', async () => {
    const { run, numbers, position } = world();
    const log = new Log(6);
    log.beforePage = (number) => {
      if (number === 3) throw new Failure(sourceFailed, { why: 'broken off' });
    };

    await expect(run(log)).rejects.toThrow('broken off');
    expect(numbers()).toEqual([0, 1, 2, 3]);
    expect(position()).toBe('2 c4');
    log.beforePage = () => {};
    await run(log);
    expect(numbers()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test.each([
    ['PutObject', 0],
    ['SendMessage', 0],
    ['PutItem', 1],
  ])('loses nothing where %s fails, and repeats itself under the same name', async (operation, sent) => {
    const { aws, run, numbers, position } = world();
    const log = new Log(4);
    aws.failNext(operation, Object.assign(new Error('no'), { name: 'AccessDenied', $fault: 'client' }));

    await expect(run(log)).rejects.toThrow();
    expect(position()).toBeUndefined();
    expect(aws.messages).toHaveLength(sent);
    await run(log);
    expect(numbers()).toEqual([0, 1, 2, 3]);
    expect(aws.messages).toHaveLength(sent + 1);
  });

  test('sends a pointer again that the queue could not take', async () => {
    const { aws, run } = world();
    aws.failNext('SendMessage', Object.assign(new Error('busy'), { $fault: 'server' }));

    await run(new Log(2));

    expect(aws.messages).toHaveLength(1);
  });

  test('ends without a failure in a run that was overtaken', async () => {
    const { run, position } = world();
    const log = new Log(4);
    log.beforePage = async () => {
      log.beforePage = () => {};
      await run(new Log(4));
    };

    expect(await run(log)).toMatchObject({ status: 'overtaken' });
    expect(position()).toBe('2 c4');
  });

  test('overwrites nothing where a slow run was overtaken by one that found more', async () => {
    const { aws, run, numbers, position } = world();
    const log = new Log(1);
    const send = aws.clients.s3.send.bind(aws.clients.s3);
    let isFirst = true;
    Object.assign(aws.clients.s3, {
      send: async (command: never) => {
        if (isFirst && (command as object).constructor.name === 'PutObjectCommand') {
          isFirst = false;
          log.count = 2;
          await run(log);
        }
        return send(command);
      },
    });

    expect(await run(log)).toMatchObject({ status: 'overtaken' });
    expect(position()).toBe('1 c2');
    expect(new Set(numbers())).toEqual(new Set([0, 1]));
    expect(aws.objects.size).toBe(2);
  });

  test('refuses a checkpoint of a later format', async () => {
    const { aws, run } = world();
    await run(new Log(2));
    const [item] = aws.items.values();
    Object.assign(item ?? {}, { v: { N: '2' } });

    await expect(run(new Log(4))).rejects.toMatchObject({ code: 'SLK-COL-008' });
  });
});

test('bytes that are no JSON travel as base64', async () => {
  const { aws, run } = world();
  const record = { id: 'x', time: new Date(FIRST_TIME), body: Buffer.from([0xff, 0x0a]) };

  await run({ stream: 's', origin: 'o', page: async () => ({ records: [record], cursor: 'c', hasMore: false }) });

  expect(JSON.parse(aws.lines()[0] ?? '')).toMatchObject({ data_base64: '/wo=' });
});

test('a raw object of many chunks is one gzip file, the same for the same lines', async () => {
  const lines = Array.from({ length: 10_000 }, (_, n) => `{"n":${n},"text":"${'x'.repeat(60)}"}`);
  const make = () => {
    const object = new RawObject();
    object.add(lines);
    return object.finish();
  };
  const { aws } = world();
  (aws.objects as Map<string, Buffer>).set('k', make());

  expect(aws.lines()).toEqual(lines);
  expect(make().equals(make())).toBe(true);
  expect(make().length).toBeLessThan(2 * gzipSync(lines.join('\n'), { level: 1 }).length);
});

test('names are safe for a key, and two origins never share one', () => {
  const time = new Date('2026-01-02T03:04:05.678Z');

  expect(rawName('host/log', 1, 2, time)).toBe('host_log_1-2_2026-01-02T030405.678Z');
  expect(rawName('host:1/log', 1, 2, time)).toMatch(/^host-1_log_[0-9a-f]{8}_1-2_/);
  expect(rawName('host:1/log', 1, 2, time)).not.toBe(rawName('host;1/log', 1, 2, time));
  expect(rawKey('m', 's', time, 'n')).toBe('raw/m/s/2026-01-02/n.ndjson.gz');
});

test('of a long time 25 seconds are kept free, of a short one its last quarter', () => {
  let left = 300_000;
  const isLate = deadlineOf(() => left);
  left = 25_001;
  expect(isLate()).toBe(false);
  left = 25_000;
  expect(isLate()).toBe(true);
  left = 40_000;
  const isLateSoon = deadlineOf(() => left);
  left = 10_000;
  expect(isLateSoon()).toBe(true);
});
