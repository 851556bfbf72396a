// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { RoleProof } from '../local/iam-proof/grants.ts';
import type { Proof } from '../local/iam-proof/prove.ts';
import { printProof } from './iam-proof.ts';
import { createOutput } from './output.ts';
import { slake } from './run.fixture.ts';

const ROLE = 'arn:aws:iam::123456789012:role/processor';

function printed(role: Partial<RoleProof>, proof: Partial<Proof> = {}): string {
  let text = '';
  const stdout = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  const roles = [
    { roleArn: ROLE, functions: ['processor'], calls: [], denied: [], notUnderstood: [], grants: [], ...role },
  ];
  const output = createOutput({ stdout, stderr: stdout, json: false, environment: {} });
  printProof(output, { module: 'azure', scenarios: ['deploy'], untouched: [], ...proof, roles });
  return text;
}

const grant = { policy: 'function', statement: 'Send', action: 'sqs:SendMessage', resource: 'queue' };

test('a call and its grant are shown with statement and scenarios', () => {
  const call = {
    operation: 'sqs:SendMessageBatch',
    action: 'sqs:SendMessage',
    resource: 'queue',
    example: 'queue',
    maker: 'code' as const,
    count: 3,
    statements: ['Send'],
    scenarios: ['journey'],
  };
  const text = printed({
    calls: [call],
    grants: [{ ...grant, isUsed: true, neededBy: ['journey', 'replay'], alsoAllowedBy: [] }],
  });
  expect(text).toMatch(/sqs:SendMessage +3 +Send +queue/);
  expect(text).toMatch(/Send +sqs:SendMessage +journey, replay/);
  expect(text).toContain('3 calls allowed, 0 denied; 1 of 1 grant needed, 0 not by any scenario');
});

test('a denied call, and one that is not understood, are told with scenario and reason', () => {
  const denied = {
    scenario: 'journey',
    operation: 'sqs:SendMessageBatch',
    action: 'kms:Decrypt',
    resource: 'key',
    maker: 'service' as const,
    count: 2,
    effect: 'implicit deny' as const,
    why: 'because no identity-based policy allows the kms:Decrypt action',
  };
  const unclear = { scenario: 'journey', roleArn: ROLE, text: 'ec2 DescribeInstances' };
  const text = printed({ denied: [denied], notUnderstood: [unclear] }, { failure: 'the processor failed' });
  expect(text).toContain(
    'denied  kms:Decrypt on key (sqs:SendMessageBatch, journey, 2 times): implicit deny because no',
  );
  expect(text).toContain('denied  ec2 DescribeInstances (journey): the proof does not understand this call');
  expect(text).toContain('ended early: the processor failed');
  expect(text).toContain('3 denied');
});

test('grants that nobody needs are put together by reason', () => {
  const unused = { isUsed: false, neededBy: [], alsoAllowedBy: [] };
  const text = printed(
    {
      grants: [
        { ...grant, ...unused, resource: 'other' },
        { ...grant, isUsed: true, neededBy: ['journey'], alsoAllowedBy: [] },
        { ...grant, ...unused, statement: 'Key', action: 'kms:Encrypt', why: 'AWS asks for it' },
        { ...grant, ...unused, statement: 'Key', action: 'kms:DescribeKey', why: 'AWS asks for it' },
        { ...grant, statement: 'All', action: 'sqs:*', isUsed: true, neededBy: [], alsoAllowedBy: ['Send', 'All'] },
      ],
    },
    { untouched: ['arn:crawler'] },
  );
  expect(text).toContain('unused  Send: sqs:SendMessage on other\n          no scenario uses it\n');
  expect(text).toContain('unused  Key: kms:Encrypt, kms:DescribeKey\n          no scenario uses it: AWS asks for it\n');
  expect(text).toContain('unused  All: sqs:*\n          no scenario needs it, since Send, All allows the same\n');
  expect(text).toContain('not proven  arn:crawler');
});

test.each([
  [['--prove', '--policy', 'x.json'], 'neither --policy nor --format'],
  [['--prove', '--module', 'azure', '--format', 'sarif'], 'neither --policy nor --format'],
  [['--prove', '--module', 'nobody'], 'SLK-MODULE-001'],
  [['--prove'], 'Give --module with one of azure'],
])('what cannot be run is exit code 2: %j', async (line, message) => {
  const { code, stderr } = await slake(['iam-analyzer', ...line]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
