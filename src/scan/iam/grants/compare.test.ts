// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { pythons } from '../code/program.fixture.ts';
import { accessLine, analyseGrants } from './analyse.ts';
import { accessOf, allow, findingsOf, stackOf } from './stack.fixture.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:feed-??????';
const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:jobs';
const send = {
  'app.py': "import boto3\n\ndef handler(e, c):\n    boto3.client('sqs').send_message(MessageBody='x')\n",
};
const nothing = { 'app.py': 'def handler(e, c):\n    pass\n' };
/** Calls two operations of a secret, of which one stands in a function that nothing calls. */
const secrets = {
  'app.py': `
import boto3
secrets = boto3.client("secretsmanager")

def handler(event, context):
    return secrets.get_secret_value(SecretId="feed")

def rotate():
    secrets.update_secret(SecretId="feed")
`,
};

test('a call that is not granted is an error at its place, with a statement to paste', async () => {
  const { findings } = await accessOf({
    code: secrets,
    statements: [allow('DescribeOwn', 'secretsmanager:DescribeSecret', SECRET)],
  });

  expect(findings).toEqual([
    {
      code: 'MISSING_GRANT',
      level: 'error',
      message: 'secretsmanager:GetSecretValue is called in handler and not granted',
      subject: 'stack/Role',
      place: { file: 'app.py', line: 6, column: 12 },
      fix: `Add to the permissions of the module:
{ sid: 'GetSecretValueOfModule', actions: ['secretsmanager:GetSecretValue'], resources: ['${SECRET}'] }`,
    },
    {
      code: 'MISSING_GRANT',
      level: 'advice',
      message: 'secretsmanager:UpdateSecret is called in rotate, which nothing calls, and not granted',
      subject: 'stack/Role',
      place: { file: 'app.py', line: 9, column: 5 },
      fix: expect.stringContaining("actions: ['secretsmanager:UpdateSecret']"),
    },
    {
      code: 'UNUSED_GRANT',
      level: 'warning',
      message: 'secretsmanager:DescribeSecret (DescribeOwn): no call found in 1 file',
      subject: 'stack/Role',
    },
  ]);
});

test('a grant that only a function nobody calls would need is unused, and the function is named', async () => {
  const findings = await findingsOf({
    code: secrets,
    statements: [allow('OwnSecret', ['secretsmanager:GetSecretValue', 'secretsmanager:UpdateSecret'], SECRET)],
  });

  expect(findings).toEqual([
    'warning UNUSED_GRANT secretsmanager:UpdateSecret (OwnSecret): called only in rotate (app.py:9:5), which nothing calls',
  ]);
});

test('of an action that does not exist nothing is told here: that it does not is a finding of its own', async () => {
  const statements = [allow('Typo', ['sqs:SendMessages', 'sqs:DeleteMessage'], QUEUE)];

  expect(await findingsOf({ code: nothing, statements })).toEqual([
    'warning UNUSED_GRANT sqs:DeleteMessage (Typo): no call found in 1 file',
  ]);
});

test('a grant of a method that a library calls is not unused', async () => {
  const code = {
    'app.py': `
import boto3
from azure.eventhub import CheckpointStore

class Store(CheckpointStore):
    def claim(self):
        boto3.client("dynamodb").update_item()

def handler(event, context):
    pass
`,
  };
  expect(await findingsOf({ code, statements: [allow('Own', 'dynamodb:UpdateItem')] })).toEqual([]);
});

test.each([
  ['sqs', 'send_message_batch', 'sqs:SendMessage'],
  ['s3', 'head_object', 's3:GetObject'],
  ['s3', 'list_objects_v2', 's3:ListBucket'],
  ['lambda', 'invoke', 'lambda:InvokeFunction'],
  ['dynamodb', 'transact_get_items', 'dynamodb:GetItem'],
  ['dynamodb', 'execute_statement', 'dynamodb:PartiQLSelect'],
  ['stepfunctions', 'start_execution', 'states:StartExecution'],
  ['kms', 're_encrypt', 'kms:ReEncrypt*'],
])('%s.%s takes %s', async (service, operation, action) => {
  const code = { 'app.py': `import boto3\n\ndef handler(e, c):\n    boto3.client('${service}').${operation}()\n` };
  expect(await findingsOf({ code, statements: [allow('Own', action)] })).toEqual([]);
  expect(await findingsOf({ code, statements: [] })).toContainEqual(expect.stringMatching(/^error MISSING_GRANT/));
});

test('who a caller is takes no grant', async () => {
  const code = { 'app.py': "import boto3\n\ndef handler(e, c):\n    boto3.client('sts').get_caller_identity()\n" };
  expect(await findingsOf({ code, statements: [] })).toEqual([]);
});

test('what Lambda does itself explains grants, and is missed where Lambda needs it', async () => {
  const others = {
    Queue: { Type: 'AWS::SQS::Queue' },
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Function' } },
    },
  };
  const polls = allow('Poll', ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], QUEUE);
  const traces = allow('Trace', ['xray:PutTraceSegments', 'logs:PutLogEvents']);

  const properties = { TracingConfig: { Mode: 'Active' } };
  expect(await findingsOf({ code: nothing, statements: [polls, traces], others, properties })).toEqual([]);
  expect(await findingsOf({ code: nothing, statements: [polls, traces] })).toEqual([
    'warning UNUSED_GRANT sqs:ReceiveMessage (Poll): no call found in 1 file',
    'warning UNUSED_GRANT sqs:DeleteMessage (Poll): no call found in 1 file',
    'warning UNUSED_GRANT sqs:GetQueueAttributes (Poll): no call found in 1 file',
    'warning UNUSED_GRANT xray:PutTraceSegments (Trace): no call found in 1 file',
  ]);
  expect(await findingsOf({ code: nothing, statements: [], others })).toEqual([
    expect.stringMatching(/^error MISSING_GRANT sqs:DeleteMessage, .*: Lambda reads the event source of sqs/),
  ]);
});

test('dead letters and a network are grants of the platform, also by managed policies', async () => {
  const properties = { DeadLetterConfig: { TargetArn: QUEUE }, VpcConfig: { SubnetIds: ['subnet-1'] } };
  const managed = ['service-role/AWSLambdaVPCAccessExecutionRole'];
  const own = [allow('DeadLetters', 'sqs:SendMessage', QUEUE)];

  expect(await findingsOf({ code: nothing, statements: own, managed, properties })).toEqual([]);
  expect((await findingsOf({ code: nothing, statements: [], properties })).length).toBe(2);
});

test('a key is used through the services that are called', async () => {
  const key = (service: string) =>
    allow('Key', 'kms:Decrypt', 'arn:aws:kms:eu-central-1:123456789012:key/1', {
      StringEquals: { 'kms:ViaService': `${service}.eu-central-1.amazonaws.com` },
    });
  const own = allow('Send', 'sqs:SendMessage', QUEUE);

  expect(await findingsOf({ code: send, statements: [own, key('sqs')] })).toEqual([]);
  expect(await findingsOf({ code: send, statements: [own, key('s3')] })).toEqual([
    'warning UNUSED_GRANT kms:Decrypt (Key): no call found in 1 file',
  ]);
});

test('what is allowed only on behalf of a service does not allow the call itself, nor what is denied', async () => {
  const behalf = allow('Send', 'sqs:SendMessage', QUEUE, {
    'ForAnyValue:StringEquals': { 'aws:CalledVia': 'securitylake.amazonaws.com' },
  });
  const deny = { Sid: 'No', Effect: 'Deny', Action: 'sqs:*', Resource: '*' };

  expect((await findingsOf({ code: send, statements: [behalf] }))[0]).toMatch(/^error MISSING_GRANT sqs:SendMessage/);
  expect((await findingsOf({ code: send, statements: [allow('Send', 'sqs:SendMessage', QUEUE), deny] }))[0]).toMatch(
    /^error MISSING_GRANT sqs:SendMessage/,
  );
});

test('calls with the credentials of another role ask nothing of this one', async () => {
  const code = {
    'app.py': `
import boto3

def handler(event, context):
    keys = boto3.client("sts").assume_role()["Credentials"]
    boto3.client("s3", aws_access_key_id=keys["AccessKeyId"]).put_object()
`,
  };
  const statements = [allow('Assume', 'sts:AssumeRole', 'arn:aws:iam::210987654321:role/feed')];
  expect(await findingsOf({ code, statements })).toEqual([]);
});

test('where a call cannot be analysed, no grant is called unused', async () => {
  const code = {
    'app.py': `
import boto3

def handler(event, context):
    getattr(boto3.client("sqs"), event["what"])()
`,
  };
  expect(await findingsOf({ code, statements: [allow('Send', 'sqs:SendMessage', QUEUE)] })).toEqual([
    'not-checked CALL_NOT_ANALYSABLE the name of the operation of sqs is computed',
    'not-checked UNUSED_GRANT sqs:SendMessage (Send): no call found in 1 file, but app.py:5:5 cannot be analysed',
  ]);
});

test('what the framework gives to every processor is counted apart: its author cannot take it away', async () => {
  const { findings, functions } = await accessOf({
    code: nothing,
    statements: [allow('SendToOwnQueue', 'sqs:SendMessage', QUEUE)],
  });

  expect(findings).toEqual([]);
  expect(functions.map(accessLine)).toEqual([
    'worker: 0 of 1 grant proven by code, 0 by platform, 0 implied, 0 open, 1 given to every processor and not used',
  ]);
});

test('an acknowledgement covers its value, and one too many is stale', async () => {
  const acknowledged = (value: string) => ({
    'slake:acknowledged': [{ code: 'UNUSED_GRANT', value, reason: 'The operator calls it by hand.' }],
  });
  const statements = [allow('Read', 'sqs:ReceiveMessage', QUEUE)];

  expect(await findingsOf({ code: nothing, statements, metadata: acknowledged('sqs:ReceiveMessage') })).toEqual([]);
  expect(await findingsOf({ code: nothing, statements, metadata: acknowledged('sqs:PurgeQueue') })).toEqual([
    'warning UNUSED_GRANT sqs:ReceiveMessage (Read): no call found in 1 file',
    'warning ACKNOWLEDGEMENT_STALE UNUSED_GRANT of sqs:PurgeQueue is not found any more',
  ]);
});

test('one line sums a function up', async () => {
  const statements = [
    allow('Send', 'sqs:SendMessage', QUEUE),
    allow('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents']),
    allow('Key', 'kms:GenerateDataKey'),
    allow('Other', 'sqs:PurgeQueue', QUEUE),
  ];
  const { functions } = await accessOf({ code: send, statements });

  expect(functions.map(accessLine)).toEqual(['worker: 1 of 5 grants proven by code, 2 by platform, 1 implied, 1 open']);
});

test('code in TypeScript is held against its role as well', async () => {
  const code = {
    'app.ts': `import { SQSClient, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
const queue = new SQSClient({});
export async function handler() {
  await queue.send(new SendMessageBatchCommand({}));
}
`,
  };
  const own = { code, runtime: 'typescript' } as const;

  expect(await findingsOf({ ...own, statements: [allow('Send', 'sqs:SendMessage', QUEUE)] })).toEqual([]);
  expect((await accessOf({ ...own, statements: [allow('Take', 'sqs:ReceiveMessage', QUEUE)] })).findings).toMatchObject(
    [
      { code: 'MISSING_GRANT', place: { file: 'app.ts', line: 4, column: 20 }, fix: expect.stringContaining(QUEUE) },
      { code: 'UNUSED_GRANT', message: 'sqs:ReceiveMessage (Take): no call found in 1 file' },
    ],
  );
});

test('a function whose code is from elsewhere is not checked, one that the CDK brings along needs not be', async () => {
  const stack = stackOf({ code: send, statements: [], properties: { Code: { S3Bucket: 'b', S3Key: 'k' } } });
  const elsewhere = await analyseGrants([{ ...stack, code: {} }], stack.folder, pythons);
  expect(elsewhere.findings).toMatchObject([
    { code: 'CODE_NOT_READ', level: 'not-checked', message: 'worker: its code does not come from core.bundle' },
  ]);

  const Description = 'AWS CDK resource provider framework - onEvent (x)';
  const own = stackOf({ code: send, statements: [], properties: { Description } });
  expect((await analyseGrants([{ ...own, code: {} }], own.folder, pythons)).findings).toEqual([]);
});

test('without a Python the function is not checked', async () => {
  const stack = stackOf({ code: send, statements: [] });

  const { findings } = await analyseGrants([stack], stack.folder, ['/nonexistent/python']);
  expect(findings).toMatchObject([{ code: 'CODE_NOT_READ', level: 'not-checked' }]);
});
