// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { callsOf, processorFolder, solutionOf } from './program.fixture.ts';
import { programCalls } from './program.ts';

/** A handler with a body, behind imports. */
function handler(imports: string, body: string): string {
  return `${imports}\n\ndef handler(event, context):\n${body.replaceAll(/^(?=.)/gm, '    ')}\n`;
}

const forms: [string, string, string, string[]][] = [
  ['a client', 'import boto3', "boto3.client('sqs').send_message(MessageBody='x')", ['sqs.sendmessage 4']],
  ['an alias', 'import boto3 as b', "b.client('s3').put_object(Body=b'')", ['s3.putobject 4']],
  ['an imported name', 'from boto3 import client as make', "make('s3').get_object(Key='k')", ['s3.getobject 4']],
  ['a session', 'import boto3', "s = boto3.session.Session()\ns.client('ssm').get_parameter()", ['ssm.getparameter 5']],
  [
    'a session of botocore',
    'from botocore.session import Session',
    "Session().create_client('kms').decrypt()",
    ['kms.decrypt 4'],
  ],
  ['a client of the module', "import boto3\nsqs = boto3.client('sqs')", 'sqs.purge_queue()', ['sqs.purgequeue 5']],
  [
    'a name in a constant',
    "import boto3\nSERVICE = 'sqs'",
    'boto3.client(service_name=SERVICE).list_queues()',
    ['sqs.listqueues 5'],
  ],
  [
    'a paginator',
    'import boto3',
    "for page in boto3.client('s3').get_paginator('list_objects_v2').paginate():\n    print(page)",
    ['s3.listobjectsv2 4'],
  ],
  ['a waiter', 'import boto3', "boto3.client('s3').get_waiter('object_exists').wait()", ['s3.headobject 4']],
  [
    'a presigned address',
    'import boto3',
    "boto3.client('s3').generate_presigned_url('get_object', Params={})",
    ['s3.getobject 4'],
  ],
  ['a transfer', 'import boto3', "boto3.client('s3').upload_file('f', 'b', 'k')", ['s3.putobject 4']],
  [
    'a table',
    'import boto3',
    "table = boto3.resource('dynamodb').Table('t')\ntable.put_item(Item={})",
    ['dynamodb.putitem 5'],
  ],
  [
    'a batch writer',
    'import boto3',
    "with boto3.resource('dynamodb').Table('t').batch_writer() as batch:\n    batch.put_item(Item={})",
    ['dynamodb.batchwriteitem 5'],
  ],
  [
    'objects of a bucket',
    'import boto3',
    "for each in boto3.resource('s3').Bucket('b').objects.filter(Prefix='p'):\n    each.delete()",
    ['s3.deleteobjects 5', 's3.listobjectsv2 4', 's3.listobjectsv2 5'],
  ],
  ['an object of a bucket', 'import boto3', "boto3.resource('s3').Bucket('b').Object('k').put()", ['s3.putobject 4']],
  [
    'parameters of Powertools',
    'from aws_lambda_powertools.utilities import parameters',
    "parameters.get_secret('x')\nparameters.get_parameters('/x')",
    ['secretsmanager.getsecretvalue 4', 'ssm.getparametersbypath 5'],
  ],
  [
    'a provider of Powertools',
    'from aws_lambda_powertools.utilities.parameters import SecretsProvider\nsecrets = SecretsProvider()',
    "secrets.get('x')",
    ['secretsmanager.getsecretvalue 5'],
  ],
  [
    'a method taken as a value',
    'import boto3\nfrom concurrent.futures import ThreadPoolExecutor',
    "with ThreadPoolExecutor() as pool:\n    pool.submit(boto3.client('s3').put_object, Key='k')",
    ['s3.putobject 6'],
  ],
  [
    'a name that is looked up',
    'import boto3',
    "getattr(boto3.client('sqs'), 'send_message')(MessageBody='x')",
    ['sqs.sendmessage 4'],
  ],
  [
    'clients in a table',
    'import boto3',
    "clients = {'a': boto3.client('s3'), 'b': boto3.client('sqs')}\nclients['b'].send_message()",
    ['sqs.sendmessage 5'],
  ],
  [
    'other credentials',
    'import boto3',
    "boto3.client('s3', aws_access_key_id='x', aws_secret_access_key='y').put_object()",
    ['s3.putobject foreign 4'],
  ],
];

test.each(forms)('%s is followed to its call', (_, imports, body, expected) => {
  expect(callsOf({ 'app.py': handler(imports, body) })).toEqual(expected);
});

test('a client goes through arguments, members, data classes and helpers', () => {
  const files = {
    'app.py': `
import boto3
from dataclasses import dataclass
from helpers.store import Store

@dataclass(frozen=True)
class Services:
    s3: object
    sqs: object

def services():
    return Services(s3=boto3.client("s3"), sqs=boto3.client("sqs"))

def handler(event, context):
    reached = services()
    Store(reached.s3).save(b"x")
    send(reached.sqs)

def send(queue):
    queue.send_message(MessageBody="x")
`,
    'helpers/__init__.py': '',
    'helpers/store.py': `
class Store:
    def __init__(self, client):
        self._client = client

    def save(self, body):
        self._client.put_object(Body=body)

    def remove(self):
        self._client.delete_object()
`,
    'helpers/unused.py': 'import boto3\nboto3.client("iam").create_role()\n',
  };
  expect(callsOf(files)).toEqual(['(s3.deleteobject 10)', 's3.putobject 7', 'sqs.sendmessage 20']);
});

test('a method that a library may call counts, though nothing of the program calls it', () => {
  const { calls } = solutionOf({
    'app.py': `
import boto3
from azure.eventhub import CheckpointStore, Consumer

class Store(CheckpointStore):
    def __init__(self):
        self._table = boto3.resource("dynamodb").Table("t")

    def list_ownership(self):
        return self._table.scan()

def handler(event, context):
    Consumer(checkpoint_store=Store())
`,
  });
  expect(calls).toMatchObject([{ operation: 'scan', reached: true, overrides: true, within: 'list_ownership' }]);
});

const computed: [string, string][] = [
  ['the name of the operation of s3 is computed', "getattr(boto3.client('s3'), event['what'])()"],
  ['the name of the service is computed', "boto3.client(event['service']).get_object()"],
  ['what a waiter of s3 asks is not known', "boto3.client('s3').get_waiter(event['what']).wait()"],
  ['awswrangler.s3.to_parquet calls AWS in its own way', 'import awswrangler as wr\nwr.s3.to_parquet()'],
];

test.each(computed)('%s', (why, body) => {
  const { unclear } = solutionOf({ 'app.py': handler('import boto3', body) });
  expect(unclear).toMatchObject([{ why, file: 'app.py', reached: true }]);
});

test('a client whose calls are lost on the way is told, since nothing can be said of its grants', () => {
  const body = "registry.keep(boto3.client('sqs'))\nregistry.last().send_message()";
  const { calls, unclear } = solutionOf({ 'app.py': handler('import boto3\nimport registry', body) });

  expect(calls).toEqual([]);
  expect(unclear).toMatchObject([{ at: [5, 19], why: 'a client of sqs is made here, and none of its calls is found' }]);
});

test.each([
  [
    'a class attribute',
    'class B:\n    S = ""\n    def __init__(self):\n        self.c = boto3.client(self.S)\n\nclass A(B):\n    S = "sqs"\n    def go(self):\n        self.c.send_message()',
    'A().go()',
  ],
  [
    'a cache',
    'cache = {}\ndef get(name):\n    if name not in cache:\n        cache[name] = boto3.client(name)\n    return cache[name]',
    "get('sqs').send_message()",
  ],
  [
    'a lazy property',
    'class A:\n    _c = None\n    @property\n    def c(self):\n        if self._c is None:\n            self._c = boto3.client("sqs")\n        return self._c',
    'A().c.send_message()',
  ],
  [
    'a thread',
    'import threading\ndef work(c):\n    c.send_message()',
    "threading.Thread(target=work, args=(boto3.client('sqs'),)).start()",
  ],
  [
    'an annotation',
    'from mypy_boto3_sqs import SQSClient\ndef send(c: "SQSClient"):\n    c.send_message()',
    "send(event['client'])",
  ],
])('%s is followed', (_, before, body) => {
  const calls = callsOf({ 'app.py': handler(`import boto3\n${before}`, body) });
  expect(calls.map((call) => call.replace(/ \d+$/, ''))).toEqual(['sqs.sendmessage']);
});

test('a file that does not parse is told with its place, and one that is not imported is not', () => {
  const { unclear } = solutionOf({
    'app.py': handler('import broken', 'broken.run()'),
    'broken.py': 'def run(:\n',
    'other.py': 'def (',
  });
  expect(unclear).toMatchObject([{ file: 'broken.py', at: [1, 9] }]);
});

test('a handler that is not there is told, since nothing could be reached from it', () => {
  const { unclear } = solutionOf({ 'app.py': 'def another(event, context):\n    pass\n' });
  expect(unclear).toEqual([{ file: 'app.py', at: [1, 1], why: 'there is no handler in it', reached: true }]);
});

test('without a Python nothing is claimed', () => {
  const folder = processorFolder({ 'app.py': handler('', 'pass') });
  const code = { kind: 'processor', folder, handler: 'app.handler', runtime: 'python' } as const;
  expect(programCalls(folder, code, ['/nonexistent/python'])).toEqual({
    notChecked: 'no Python answers (/nonexistent/python: ENOENT)',
  });
});
