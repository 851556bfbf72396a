// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { callsOf as callsIn, solutionOf } from './program.fixture.ts';

function callsOf(files: Readonly<Record<string, string>>): string[] {
  return callsIn(files, 'typescript');
}

/** A handler with a body, behind imports. */
function handler(imports: string, body: string): string {
  return `${imports}\nexport async function handler(event: any) {\n${body}\n}\n`;
}

const S3 =
  "import { S3Client, PutObjectCommand, paginateListObjectsV2, waitUntilObjectExists } from '@aws-sdk/client-s3';";

const forms: [string, string, string, string[]][] = [
  ['a command', S3, "await new S3Client({}).send(new PutObjectCommand({ Key: 'k' }));", ['s3.putobject 3']],
  [
    'a renamed import',
    "import { SQSClient as Q, SendMessageCommand as Send } from '@aws-sdk/client-sqs';\nconst queue = new Q();",
    'return queue.send(new Send({}));',
    ['sqs.sendmessage 4'],
  ],
  [
    'a namespace',
    "import * as ssm from '@aws-sdk/client-ssm';",
    'await new ssm.SSMClient().send(new ssm.GetParameterCommand({}));',
    ['ssm.getparameter 3'],
  ],
  [
    'an aggregated client',
    "import { SecretsManager } from '@aws-sdk/client-secrets-manager';\nconst secrets = new SecretsManager();",
    "await secrets.getSecretValue({ SecretId: 's' });",
    ['secrets-manager.getsecretvalue 4'],
  ],
  [
    'a paginator and a waiter',
    S3,
    'const client = new S3Client();\nfor await (const page of paginateListObjectsV2({ client }, {})) await waitUntilObjectExists({ client }, {});',
    ['s3.headobject 4', 's3.listobjectsv2 4'],
  ],
  [
    'an upload',
    "import { Upload } from '@aws-sdk/lib-storage';\nimport { S3Client } from '@aws-sdk/client-s3';",
    'await new Upload({ client: new S3Client(), params: {} }).done();',
    ['s3.createmultipartupload 4'],
  ],
  [
    'the document client',
    "import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';\nimport { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
    'await DynamoDBDocumentClient.from(new DynamoDBClient()).send(new PutCommand({}));',
    ['dynamodb.putitem 4'],
  ],
  [
    'the aggregated document client',
    "import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';\nimport { DynamoDB } from '@aws-sdk/client-dynamodb';",
    'await DynamoDBDocument.from(new DynamoDB()).batchWrite({});',
    ['dynamodb.batchwriteitem 4'],
  ],
  [
    'require',
    '',
    "const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');\nawait new LambdaClient().send(new InvokeCommand({}));",
    ['lambda.invoke 4'],
  ],
  [
    'import()',
    '',
    "const kms = await import('@aws-sdk/client-kms');\nawait new kms.KMSClient().send(new kms.DecryptCommand({}));",
    ['kms.decrypt 4'],
  ],
  [
    'Powertools',
    "import { getSecret } from '@aws-lambda-powertools/parameters/secrets';\nimport { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';",
    "await getSecret('s');\nawait new SSMProvider().getMultiple('/p');",
    ['secretsmanager.getsecretvalue 4', 'ssm.getparametersbypath 5'],
  ],
  [
    'a client that is traced',
    `${S3}\nimport { Tracer } from '@aws-lambda-powertools/tracer';\nconst tracer = new Tracer();`,
    'await tracer.captureAWSv3Client(new S3Client()).send(new PutObjectCommand({}));',
    ['s3.putobject 5'],
  ],
  [
    'credentials of another role',
    `${S3}\nimport { fromTemporaryCredentials } from '@aws-sdk/credential-providers';`,
    'await new S3Client({ credentials: fromTemporaryCredentials({}) }).send(new PutObjectCommand({}));',
    ['s3.putobject foreign 4', 'sts.assumerole 4'],
  ],
  [
    "the function's own credentials by name",
    `${S3}\nimport { fromNodeProviderChain } from '@aws-sdk/credential-providers';`,
    'await new S3Client({ credentials: fromNodeProviderChain() }).send(new PutObjectCommand({}));',
    ['s3.putobject 4'],
  ],
  [
    'callbacks',
    S3,
    'const client = new S3Client();\nawait Promise.all(event.keys.map((Key: string) => client.send(new PutObjectCommand({ Key }))));',
    ['s3.putobject 4'],
  ],
];

test.each(forms)('%s is followed to its call', (_, imports, body, expected) => {
  expect(callsOf({ 'app.ts': handler(imports, body) })).toEqual(expected);
});

test('a client goes through classes, fields, closures and other files', () => {
  const files = {
    'app.ts': `
import { S3Client } from '@aws-sdk/client-s3';
import { store } from './store.js';
import type { Unused } from './unused.ts';
import { Reader } from './reader.ts';

export const handler = wrap(async () => {
  const kept = store({ s3: new S3Client() });
  await kept.save('x');
  await new Reader().read();
});
function wrap(f: () => Promise<void>) {
  return () => f();
}
`,
    'store.ts': `
import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
export function store({ s3 }: { s3: S3Client }) {
  return {
    save: (key: string) => s3.send(new PutObjectCommand({ Key: key })),
    async remove() {
      await s3.send(new DeleteObjectCommand({}));
    },
  };
}
`,
    'reader.ts': `
import { SQS } from '@aws-sdk/client-sqs';
class Base {
  constructor(protected readonly queue: SQS) {}
}
export class Reader extends Base {
  readonly #limit = 1;
  private readonly other = new SQS();
  constructor() {
    super(new SQS());
  }
  async read() {
    await this.queue.receiveMessage({});
    await this.other.purgeQueue({});
  }
  async never() {
    await this.queue.deleteQueue({});
  }
}
`,
    'unused.ts': `
import { IAM } from '@aws-sdk/client-iam';
new IAM().createRole({});
`,
  };
  expect(callsOf(files)).toEqual([
    '(s3.deleteobject 7)',
    '(sqs.deletequeue 17)',
    's3.putobject 5',
    'sqs.purgequeue 14',
    'sqs.receivemessage 13',
  ]);
});

const computed: [string, string][] = [
  ['what is sent to s3 is computed', 'await new S3Client().send(event.command);'],
  ['the name of the operation of s3 is computed', 'await new S3()[event.what]({});'],
  ['what a waiter of s3 asks is not known', 'await waitUntilNobodyKnows({ client: new S3Client() }, {});'],
];

test.each(computed)('%s', (why, body) => {
  const imports = "import { S3, S3Client, waitUntilNobodyKnows } from '@aws-sdk/client-s3';";
  const { unclear } = solutionOf({ 'app.ts': handler(imports, body) }, 'typescript');
  expect(unclear).toMatchObject([{ why, file: 'app.ts', reached: true }]);
});

test('a file that does not parse is told with its place', () => {
  const files = { 'app.ts': handler("import { run } from './broken.ts';", 'run();'), 'broken.ts': 'export function {' };
  expect(solutionOf(files, 'typescript').unclear).toMatchObject([{ file: 'broken.ts', at: [1, 17] }]);
});

test('the calls of the collector kit are those of a processor that uses it', () => {
  const { calls, unclear } = solutionOf(
    {
      'app.ts': handler(
        `import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Secret } from 'slake/collector';
const secret = new Secret(new SecretsManagerClient({}), 's');`,
        "return secret.field('token');",
      ),
    },
    'typescript',
  );

  const places = calls.filter(({ reached }) => reached).map(({ operation, file }) => `${operation} ${file}`);
  expect(places).toEqual([expect.stringMatching(/^GetSecretValue .*src\/collector\/secret\.ts$/)]);
  expect(unclear).toEqual([]);
});
