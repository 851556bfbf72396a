// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { configurableModules, loadModules } from '../../module/load.ts';
import { configurationOf } from '../configuration.ts';
import { renderPath } from '../problem.ts';
import { shapeAt, shapeOf } from '../shape.ts';
import { migrate } from './migrate.ts';
import { steps } from './steps.ts';

const MODULES = join(import.meta.dirname, '..', '..', '..', 'integrations', 'security-lake', 'cdk', 'modules');
const EXAMPLE = readFileSync(join(MODULES, '..', 'config.example.yaml'), 'utf8');
const modules = configurableModules(await loadModules(MODULES));
const shape = shapeOf(configurationOf(modules));

function migrated(old: object) {
  const { text, ...migration } = migrate(stringify(old), modules);
  return { config: parse(text ?? '') as unknown, ...migration };
}

/** What became of the only value of an old file. */
function only(old: object) {
  const { config, values } = migrated(old);
  return { config, ...values[0] };
}

describe('the steps', () => {
  const targets = steps.flatMap(({ from, to = [] }) => to.map((path) => [from, renderPath(path), path] as const));

  test.each(targets)('%s goes to %s, a key that there is', (_from, _name, path) => {
    const [first, , ...below] = path;
    const inEnvironment = first === 'environments' ? below : path;

    expect(shapeAt(shape, inEnvironment)).toBeDefined();
  });

  test('each say where a value goes, or why it goes nowhere; none is there twice', () => {
    for (const { from, to, why } of steps) expect(to ?? why, from).toBeDefined();
    expect(new Set(steps.map(({ from }) => from)).size).toBe(steps.length);
  });
});

describe('values', () => {
  test.each([
    [{ sqsQueue: { messageRetentionPeriod: 345_600 } }, { pipeline: { queueRetentionDays: 4 } }],
    [{ sqsQueue: { deadLetterQueue: { maxReceiveCount: 3 } } }, { pipeline: { maximumReceives: 3 } }],
    [
      { monitoring: { alarms: { sqsAgeAlarm: { ageThreshold: 600 } } } },
      { monitoring: { alarms: { oldestPointerMinutes: 10 } } },
    ],
    [{ monitoring: { alarms: { dlqAlarm: { threshold: 1 } } } }, { monitoring: { alarms: { deadLetters: 0 } } }],
    [{ encryption: { keyPendingWindowInDays: 14 } }, { kms: { pendingWindowDays: 14 } }],
    [{ encryption: { enabled: false } }, { encryption: 'AWS_OWNED_CMK' }],
    [
      { coreProcessing: { eventTransformer: { environment: { LOGGING_LEVEL: 'WARNING' } } } },
      { pipeline: { logLevel: 'WARN' } },
    ],
    [{ tags: [{ key: 'Owner', value: 7 }] }, { tags: { Owner: '7' } }],
    [
      { development: { encryptionKeyType: 'AWS_OWNED_CMK' } },
      { environments: { dev: { encryption: 'AWS_OWNED_CMK' }, staging: { encryption: 'AWS_OWNED_CMK' } } },
    ],
  ])('%j becomes %j', (old, now) => {
    expect(migrated(old).config).toEqual(now);
  });

  test('beyond the limits of today are brought within them, and it is said', () => {
    expect(only({ lambdaFunctions: { eventHubProcessor: { memorySize: 128 } } })).toMatchObject({
      config: { integrations: { azure: { config: { eventHub: { memoryMb: 256 } } } } },
      why: 'was 128; allowed are whole numbers, 256 to 10240',
    });
    expect(only({ monitoring: { cloudWatchLogs: { retentionDays: 100 } } })).toMatchObject({
      config: { monitoring: { logRetentionDays: 120 } },
      why: 'was 100; CloudWatch keeps logs 120 days',
    });
  });

  test.each([
    [{ securityLake: { s3Bucket: 'bucket-REPLACE_ME' } }, 'is a placeholder'],
    [{ accountId: '' }, 'was empty'],
    [{ sqsQueue: { visibilityTimeout: 300 } }, 'each module has a queue'],
    [{ securityHub: { enabled: true } }, 'Security Lake only'],
    [{ surprise: 1 }, 'has no counterpart'],
    [{ azureIntegration: { azureRegion: 'x' } }, 'has no counterpart'],
    [{ monitoring: { sns: { emailEndpoints: ['a@example.com'] } } }, 'has no counterpart'],
    [{ coreProcessing: { eventTransformer: { memorySize: 512 } } }, 'a transformer of its own'],
    [{ projectName: null }, 'has no value'],
    [{ tags: ['Owner'] }, 'is no tag'],
    [{ tags: [{ key: 'a', value: { b: 1 } }] }, 'is no tag'],
    [{ tags: [{ key: '__proto__', value: 'x' }] }, 'is no tag'],
    [{ integrations: { okta: { enabled: true } } }, 'no counterpart'],
    [{ monitoring: { cloudWatchLogs: { retentionDays: 'long' } } }, 'is no number'],
  ])('%j is not carried over, with the reason', (old, why) => {
    expect(only(old)).toMatchObject({ config: {}, to: [], why: expect.stringContaining(why) });
  });

  test('of secrets are never in what is said or written', () => {
    const secret = ['Endpoint=sb://x;SharedAccess', 'Key=not-to-be-shown'].join('');
    const old = {
      integrations: { azure: { config: { secretsManager: { s: { secretTemplate: { connectionString: secret } } } } } },
    };

    expect(JSON.stringify(migrate(stringify(old), modules))).not.toContain('not-to-be-shown');
  });

  test('that turn a module off win over those that turn it on, in whatever order', () => {
    const off = { azureIntegration: { enabled: false }, lambdaFunctions: { eventHubProcessor: { enabled: true } } };
    const on = { azureIntegration: { enabled: true }, lambdaFunctions: { eventHubProcessor: { enabled: false } } };

    for (const old of [off, on]) {
      const { config, values } = migrated(old);
      expect(config).toEqual({ integrations: { azure: { enabled: false } } });
      expect(values.map(({ to, why = '' }) => [to.length, why.replace(/\d+/, 'n')]).toSorted()).toEqual([
        [0, 'line n says otherwise, and counts'],
        [1, ''],
      ]);
    }
    expect(migrated({ ...off, integrations: { azure: { enabled: true } } }).config).toEqual({
      integrations: { azure: { enabled: true } },
    });
  });
});

test('keys of the present format stay as they are, beside those of the former one', () => {
  const old = {
    monitoring: { alarms: { emails: ['team@example.com'], dlqAlarm: { threshold: 1 } } },
    kms: { rotationDays: 90 },
    tags: { Owner: 'team' },
    integrations: { azure: { config: { eventHub: { schedule: 'rate(10 minutes)' } } } },
    environments: { dev: { encryption: 'AWS_OWNED_CMK' } },
  };
  const { monitoring, ...others } = old;
  const { config, isFormer, values } = migrated(old);

  expect(config).toEqual({ ...others, monitoring: { alarms: { emails: ['team@example.com'], deadLetters: 0 } } });
  expect(values.filter(({ from, to }) => to.join() !== from)).toMatchObject([
    { to: ['monitoring.alarms.deadLetters'] },
  ]);
  expect(isFormer).toBe(true);
  expect(migrated({ ...others, monitoring: { alarms: { email: [] } } }).isFormer).toBe(false);
});

test('a key of the present format counts, whatever a former one for the same place says', () => {
  const { config, values } = migrated({
    tagSource: 'former',
    tags: { Source: 'kept' },
    monitoring: {
      enabled: false,
      dashboard: { enabled: true },
      alarms: { deadLetters: 7, dlqAlarm: { threshold: 8 } },
    },
    development: { encryptionKeyType: 'AWS_OWNED_CMK' },
    environments: { dev: { encryption: 'CUSTOMER_MANAGED_CMK' } },
  });

  expect(config).toEqual({
    tags: { Source: 'kept' },
    monitoring: { dashboard: { enabled: true }, alarms: { deadLetters: 7 } },
    environments: { dev: { encryption: 'CUSTOMER_MANAGED_CMK' }, staging: { encryption: 'AWS_OWNED_CMK' } },
  });
  expect(values.filter(({ why }) => why !== undefined)).toEqual([
    { from: 'tagSource', line: 1, column: 1, to: [], why: 'line 3 says otherwise, and counts' },
    { from: 'monitoring.enabled', line: 5, column: 3, to: [], why: 'line 7 says otherwise, and counts' },
    {
      from: 'development.encryptionKeyType',
      line: 13,
      column: 3,
      to: ['environments.staging.encryption'],
      why: 'line 16 says otherwise, and counts',
    },
  ]);
});

test('of two former keys for one place the first counts', () => {
  const { config, values } = migrated({
    tags: [
      { key: 'A', value: 1 },
      { key: 'A', value: 2 },
    ],
    tagSource: 'x',
  });

  expect(config).toEqual({ tags: { A: '1', Source: 'x' } });
  expect(values[1]).toMatchObject({ to: [], why: 'line 2 says otherwise, and counts' });
});

test('what a module takes that takes anything is carried over', () => {
  const open = { configSchema: z.record(z.string(), z.unknown()) };
  const old = { tagSource: 'x', integrations: { other: { enabled: true, config: { a: { b: { c: [1] } } } } } };
  const { text } = migrate(stringify(old), { ...modules, other: open });

  expect(parse(text ?? '').integrations).toEqual(old.integrations);
});

test.each([
  ['tags:\n', 'tags', 'has no value'],
  ['kms:\n  rotationDays:\n', 'kms.rotationDays', 'has no value'],
  ['tags: text\n', 'tags', 'has no counterpart'],
  ['"encryption.keyType": x\n', '["encryption.keyType"]', 'has no counterpart'],
])('%j is no value of the former format', (text, from, why) => {
  expect(migrate(text, modules)).toMatchObject({
    isFormer: false,
    values: [{ from, to: [], why: expect.stringContaining(why) }],
  });
});

test('a file of the present format has nothing to carry over', () => {
  expect(migrated(parse(EXAMPLE) as object)).toMatchObject({ config: parse(EXAMPLE), isFormer: false });
});

test('each value is told at its line', () => {
  const { values } = migrate('projectName: lake\n\nsecurityLake:\n  enabled: true\n', modules);

  expect(values).toMatchObject([
    { from: 'projectName', line: 1, column: 1, to: ['projectName'] },
    { from: 'securityLake.enabled', line: 4, column: 3, to: [] },
  ]);
});

test('a file that cannot be read is told with its place, and nothing is made of it', () => {
  expect(migrate('a: [\n', modules)).toMatchObject({ text: undefined, values: [], findings: [{ place: { line: 2 } }] });
  expect(migrate('a: 1\na: 2\n', modules)).toMatchObject({ text: undefined, findings: [{ place: { line: 2 } }] });
});

test('whatever YAML the file is, it is accounted for and never thrown at', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('tags', 'integrations', 'monitoring', 'x', '__proto__'), fc.jsonValue()),
      (old) => {
        const { text, values } = migrate(stringify(old), modules);
        if (text === undefined) return;
        for (const { to, why } of values) expect(to.length > 0 || why !== undefined).toBe(true);
      },
    ),
  );
});
