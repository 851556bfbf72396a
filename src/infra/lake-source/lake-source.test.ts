// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AccessDeniedException,
  BadRequestException,
  ConflictException,
  CreateCustomLogSourceCommand,
  ListLogSourcesCommand,
  SecurityLakeClient,
} from '@aws-sdk/client-securitylake';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../local/embedded-aws/index.ts';
import { type SecurityLakeStandIn, startSecurityLake } from '../../local/security-lake/index.ts';
import { projectPython } from '../bundling/project-python.ts';
import { type LakeSourceDependencies, onLakeSourceEvent } from './lake-source.ts';

const ACCOUNT = '111122223333';
const REGION = 'us-east-1';
const EXTERNAL_ID = 'the-external-id';
const stateFolder = mkdtempSync(join(tmpdir(), 'lake-source-'));
const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'embedded' };
const properties = {
  eventClass: 'DETECTION_FINDING',
  crawlerRoleArn: `arn:aws:iam::${ACCOUNT}:role/crawler`,
  externalId: EXTERNAL_ID,
  principal: ACCOUNT,
};
let aws: EmbeddedAws;
let standIn: SecurityLakeStandIn;
let iam: IAMClient;
let logged: unknown[];
let waits: number[];

beforeAll(async () => {
  aws = await startEmbeddedAws({ python: projectPython(), stateFolder, region: REGION, accountId: ACCOUNT });
  iam = new IAMClient({ endpoint: aws.endpoint, region: REGION, credentials });
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  await iam.send(new CreateRoleCommand({ RoleName: 'crawler', AssumeRolePolicyDocument: JSON.stringify(trust) }));
  standIn = await startSecurityLake({ aws, region: REGION, accountId: ACCOUNT });
}, 120_000);

afterAll(async () => {
  await standIn.stop();
  await aws.stop();
  rmSync(stateFolder, { recursive: true, force: true });
});

beforeEach(() => {
  logged = [];
  waits = [];
});

/** A real client whose first requests for a creation fail with these errors, before they reach the stand-in. */
function client(...failures: Error[]): SecurityLakeClient {
  const lake = new SecurityLakeClient({ endpoint: standIn.endpoint, region: REGION, credentials, maxAttempts: 1 });
  lake.middlewareStack.add(
    (next, context) => async (args) => {
      const failure = context.commandName === CreateCustomLogSourceCommand.name ? failures.shift() : undefined;
      if (failure) throw failure;
      return next(args);
    },
    { step: 'initialize' },
  );
  return lake;
}

function dependencies(lake = client(), remaining = 600_000): LakeSourceDependencies {
  let left = remaining;
  return {
    lake,
    iam,
    region: REGION,
    log: (message, fields) => logged.push({ message, ...fields }),
    clock: {
      remaining: () => left,
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
        left -= milliseconds;
      },
      random: () => 0.5,
    },
  };
}

async function exists(sourceName: string): Promise<boolean> {
  const { sources = [] } = await client().send(
    new ListLogSourcesCommand({ sources: [{ customLogSource: { sourceName } }] }),
  );
  return sources.length > 0;
}

function create(sourceName: string, change: Partial<typeof properties> = {}) {
  return { RequestType: 'Create', ResourceProperties: { ServiceToken: 'x', sourceName, ...properties, ...change } };
}

function update(from: string, to: string, change: Partial<typeof properties> = {}) {
  return {
    RequestType: 'Update',
    PhysicalResourceId: from,
    OldResourceProperties: { sourceName: from, ...properties },
    ResourceProperties: { sourceName: to, ...properties, ...change },
  };
}

const busy = () => new ConflictException({ message: 'are currently being updated', $metadata: {} });

test('Create makes the source and answers its location and provider role', async () => {
  expect(await onLakeSourceEvent(create('fresh'), dependencies())).toEqual({
    PhysicalResourceId: 'fresh',
    Data: {
      Location: `s3://${standIn.bucket}/ext/fresh/`,
      ProviderRoleArn: `arn:aws:iam::${ACCOUNT}:role/AmazonSecurityLake-Provider-fresh-us-east-1`,
      SourceName: 'fresh',
    },
  });
});

test('Create twice answers the same source', async () => {
  const first = await onLakeSourceEvent(create('again'), dependencies());
  expect(await onLakeSourceEvent(create('again'), dependencies())).toEqual(first);
});

test('a source of that name that trusts somebody else is not taken over', async () => {
  await onLakeSourceEvent(create('theirs', { externalId: 'their-external-id' }), dependencies());
  const taken = onLakeSourceEvent(create('theirs'), dependencies());
  await expect(taken).rejects.toMatchObject({ code: 'SLK-LAKE-004', hint: expect.stringContaining('theirs') });
});

test('a busy lake is waited for, longer each time', async () => {
  await onLakeSourceEvent(create('patient'), dependencies(client(busy(), busy(), busy())));
  expect(waits).toEqual([1500, 3000, 6000]);
  expect(await exists('patient')).toBe(true);
});

const USER = `User: arn:aws:sts::${ACCOUNT}:assumed-role/own-role/own-function`;

test.each([
  new BadRequestException({ message: 'The role cannot be assumed by Glue', $metadata: {} }),
  new AccessDeniedException({
    message: `${USER} is not authorized to perform: iam:PassRole on resource: ${properties.crawlerRoleArn}`,
    $metadata: {},
  }),
])('what was made or granted a moment ago is waited for: $message', async (unseen) => {
  await onLakeSourceEvent(create('new-role'), dependencies(client(unseen, unseen)));
  expect(await exists('new-role')).toBe(true);
  expect(waits).toHaveLength(2);
  await onLakeSourceEvent({ RequestType: 'Delete', PhysicalResourceId: 'new-role' }, dependencies());
});

test('a call that stays denied is tried for about a minute', async () => {
  const denied = new AccessDeniedException({
    message: `${USER} is not authorized to perform: lakeformation:GrantPermissions`,
    $metadata: {},
  });
  const refused = onLakeSourceEvent(create('refused'), dependencies(client(...Array(6).fill(denied))));
  await expect(refused).rejects.toMatchObject({ code: 'SLK-LAKE-002' });
  const waited = waits.reduce((sum, wait) => sum + wait, 0) / 1000;
  expect(waited).toBeGreaterThan(25);
  expect(waited).toBeLessThan(75);
});

test('a lake that stays busy fails before the time of the function is over', async () => {
  const given = dependencies(client(...Array.from({ length: 100 }, busy)), 60_000);
  await expect(onLakeSourceEvent(create('never'), given)).rejects.toMatchObject({ code: 'SLK-LAKE-003' });
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(60_000);
});

test('a refusal is not repeated and says why', async () => {
  const denied = new AccessDeniedException({ message: 'Lake Formation says no', $metadata: {} });
  const refused = onLakeSourceEvent(create('denied'), dependencies(client(denied)));
  await expect(refused).rejects.toMatchObject({ code: 'SLK-LAKE-002', blame: 'aws' });
  await expect(refused).rejects.toThrow(/denied.*Lake Formation says no/);
  expect(waits).toEqual([]);
});

test('Update to another name is another physical id, and leaves the old source to the Delete that follows', async () => {
  await onLakeSourceEvent(create('old-name'), dependencies());
  const answer = await onLakeSourceEvent(update('old-name', 'new-name'), dependencies());
  expect(answer.PhysicalResourceId).toBe('new-name');
  expect([await exists('old-name'), await exists('new-name')]).toEqual([true, true]);
  await onLakeSourceEvent({ RequestType: 'Delete', PhysicalResourceId: 'old-name' }, dependencies());
  expect([await exists('old-name'), await exists('new-name')]).toEqual([false, true]);
});

test('Update of anything else makes the source anew under its name', async () => {
  await onLakeSourceEvent(create('changed'), dependencies());
  const answer = await onLakeSourceEvent(update('changed', 'changed', { externalId: 'other-id' }), dependencies());
  expect(answer.PhysicalResourceId).toBe('changed');
  const unchanged = await onLakeSourceEvent(create('changed', { externalId: 'other-id' }), dependencies());
  expect(unchanged).toEqual(answer);
});

test('Update of nothing changes nothing', async () => {
  const made = await onLakeSourceEvent(create('kept'), dependencies());
  expect(await onLakeSourceEvent(update('kept', 'kept'), dependencies())).toEqual(made);
  expect(logged).not.toContainEqual(expect.objectContaining({ message: 'custom source deleted' }));
});

test('Delete removes the source; one that is gone is fine', async () => {
  await onLakeSourceEvent(create('leaving'), dependencies());
  const gone = { RequestType: 'Delete', PhysicalResourceId: 'leaving' };
  await onLakeSourceEvent(gone, dependencies());
  expect(await exists('leaving')).toBe(false);
  expect(await onLakeSourceEvent(gone, dependencies())).toEqual({ PhysicalResourceId: 'leaving' });
});

test('properties that are missing are named, without the values of others', async () => {
  const { externalId, ...rest } = properties;
  const event = { RequestType: 'Create', ResourceProperties: { sourceName: 'x', ...rest, eventClass: 'no class' } };
  const failed = onLakeSourceEvent(event, dependencies());
  await expect(failed).rejects.toMatchObject({ code: 'SLK-LAKE-001' });
  await expect(failed).rejects.toThrow(/eventClass.*externalId/);
  expect(externalId).toBe(EXTERNAL_ID);
});

test('the external id is in no log and in no message', async () => {
  const failures: string[] = [];
  const denied = new AccessDeniedException({ message: 'no', $metadata: {} });
  for (const event of [
    create('quiet', { externalId: 'their-external-id' }),
    create('quiet'),
    update('quiet', 'quiet-2'),
  ]) {
    await onLakeSourceEvent(event, dependencies()).catch((error: Error) => failures.push(error.message));
  }
  await onLakeSourceEvent(create('q2'), dependencies(client(denied))).catch((e: Error) => failures.push(e.message));
  expect(failures).toHaveLength(2);
  expect(JSON.stringify([logged, failures])).not.toContain('external-id');
});
