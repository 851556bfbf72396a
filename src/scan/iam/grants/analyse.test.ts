// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { aws_iam as iam } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { feeds, loadedModule } from '../../../infra/stacks.fixture.ts';
import { defineModule } from '../../../module/define-module.ts';
import { z } from '../../../module/index.ts';
import { analyseStacks } from '../analyse.ts';
import { processorFolder, pythons } from '../code/program.fixture.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:feed';

test('a statement of the author without a Sid is found, those of the framework are not looked at', async () => {
  const module = {
    ...feeds,
    getRequiredPermissions: () => [new iam.PolicyStatement({ actions: ['sqs:ReceiveMessage'], resources: [QUEUE] })],
  };
  const { found } = await analyseStacks(loadedModule(module), 'none.yaml', { root: '/', pythons });

  expect(found.filter(({ code }) => code === 'MISSING_SID')).toMatchObject([
    { subject: 'feeds/getRequiredPermissions', message: 'the statement with sqs:ReceiveMessage has no Sid' },
  ]);
});

test('permissions of a module are unused only where none of its processors needs them', async () => {
  const idle = 'def handler(event, context):\n    pass\n';
  const reads = "import boto3\n\ndef handler(event, context):\n    boto3.client('sqs').receive_message()\n";
  const folder = processorFolder({ 'reads/app.py': reads, 'idle/app.py': idle });
  const processor = { handler: 'app.handler', runtime: 'python', schedule: 'rate(1 hour)' } as const;
  const module = defineModule({
    id: 'pair',
    name: 'Pair',
    version: '1.0.0',
    description: 'Two processors',
    config: z.strictObject({}),
    processors: () => [
      { ...processor, folder: 'reads' },
      { ...processor, source: 'idle', folder: 'idle' },
    ],
    permissions: () => [
      { sid: 'ReadFeed', actions: ['sqs:ReceiveMessage', 'sqs:PurgeQueue'], resources: [QUEUE] },
      {
        sid: 'KeepForOperator',
        actions: ['sqs:SetQueueAttributes'],
        resources: [QUEUE],
        acknowledged: [{ code: 'UNUSED_GRANT', reason: 'The runbook changes the queue with this role.' }],
      },
      {
        sid: 'ReadOnly',
        actions: ['sqs:GetQueueUrl'],
        resources: [QUEUE],
        acknowledged: [{ code: 'MISSING_GRANT', value: 'sqs:GetQueueUrl', reason: 'There is no such finding.' }],
      },
    ],
  });
  const { found } = await analyseStacks({ ...loadedModule(module), folder }, 'none.yaml', { root: folder, pythons });
  expect(found.filter(({ message }) => message.includes('KeepForOperator'))).toEqual([]);
  expect(found.filter(({ code }) => code === 'ACKNOWLEDGEMENT_STALE')).toMatchObject([
    { message: 'MISSING_GRANT of sqs:GetQueueUrl is not found any more' },
    { message: 'MISSING_GRANT of sqs:GetQueueUrl is not found any more' },
  ]);
  const unused = found.filter(({ code, message }) => code === 'UNUSED_GRANT' && message.includes('ReadFeed'));

  expect(unused.map(({ level, message }) => `${level} ${message}`).sort()).toEqual([
    'advice sqs:ReceiveMessage (ReadFeed): no call found in 1 file; pair-processor needs it',
    'warning sqs:PurgeQueue (ReadFeed): no call found in 1 file',
    'warning sqs:PurgeQueue (ReadFeed): no call found in 1 file',
  ]);
});
