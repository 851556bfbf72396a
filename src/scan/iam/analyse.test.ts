// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configure, synthesize } from '../../infra/stacks.fixture.ts';
import { analyseTemplate, analyseText } from './analyse.ts';

const queue = 'arn:aws:sqs:eu-central-1:123456789012:jobs';
const role = 'arn:aws:iam::123456789012:role/worker';

function allow(Action: unknown, Resource: unknown, Condition?: unknown) {
  return { Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) };
}
function trust(Principal: unknown, Condition?: unknown, Action = 'sts:AssumeRole') {
  return { Effect: 'Allow', Principal, Action, ...(Condition ? { Condition } : {}) };
}
function open(Principal: unknown, Condition?: unknown) {
  return { ...allow('sqs:SendMessage', queue, Condition), Principal };
}
async function codes(...Statement: unknown[]): Promise<string[]> {
  const found = await analyseText(JSON.stringify({ Version: '2012-10-17', Statement }), 'p.json');
  return found.map(({ code }) => code);
}
const oidc = { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' };
const web = 'sts:AssumeRoleWithWebIdentity';
const sub = 'token.actions.githubusercontent.com:sub';

const bad: [string, ...unknown[]][] = [
  ['UNKNOWN_ACTION', allow('sqs:SendMesage', queue)],
  ['UNKNOWN_ACTION', allow('sqs:DeleteMessageBatch', queue)],
  ['UNKNOWN_ACTION', allow('SendMessage', queue)],
  ['UNKNOWN_SERVICE', allow('cloudwatchlogs:PutLogEvents', '*')],
  ['ACTION_STAR', allow('*', '*')],
  ['ACTION_STAR', allow('s3:*', 'arn:aws:s3:::b/*')],
  ['ACTION_WILDCARD', allow('sqs:Se*', queue)],
  ['REDUNDANT_ACTION', allow(['sqs:Send*', 'sqs:SendMessage'], queue)],
  ['ALLOW_NOT', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
  ['ALLOW_NOT', { Effect: 'Allow', Action: 's3:GetObject', NotResource: 'arn:aws:s3:::b/*' }],
  ['RESOURCE_WILDCARD', allow('s3:GetObject', '*')],
  ['RESOURCE_WILDCARD', allow('dynamodb:PutItem', '*')],
  ['RESOURCE_MISMATCH', allow('s3:GetObject', 'arn:aws:s3:::b')],
  ['RESOURCE_MISMATCH', allow('s3:ListBucket', 'arn:aws:s3:::b/*')],
  ['RESOURCE_MISMATCH', allow('sqs:SendMessage', 'arn:aws:sns:eu-central-1:123456789012:t')],
  ['INVALID_ARN', allow('s3:GetObject', 'b/*')],
  ['INVALID_ARN', allow('sqs:SendMessage', 'arn:aws:sqs:eu-central-1:1234:q')],
  ['INVALID_ARN', allow('sqs:SendMessage', 'arn:aws:sqs:us-gov-west-1:123456789012:q')],
  ['INVALID_ARN', allow('sqs:SendMessage', 'arn:amazon:sqs:eu-central-1:123456789012:q')],
  [
    'SECRET_SUFFIX',
    allow('secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db'),
  ],
  ['UNKNOWN_CONDITION_KEY', allow('s3:ListBucket', 'arn:aws:s3:::b', { StringEquals: { 's3:prefx': 'a' } })],
  ['UNKNOWN_CONDITION_KEY', allow('s3:ListBucket', 'arn:aws:s3:::b', { StringEquals: { 'aws:PrincipalOrg': 'o' } })],
  ['CONDITION_NEVER_TRUE', allow('sqs:SendMessage', queue, { StringEquals: { 'aws:SourceAccount': [] } })],
  ['UNKNOWN_OPERATOR', allow('sqs:SendMessage', queue, { StringMatches: { 'aws:SourceAccount': '1' } })],
  ['TYPE_MISMATCH', allow('sqs:SendMessage', queue, { Bool: { 'aws:SecureTransport': 'yes' } })],
  ['TYPE_MISMATCH', allow('sqs:SendMessage', queue, { IpAddress: { 'aws:SourceIp': '300.1.1.1' } })],
  ['WILDCARD_WITHOUT_LIKE', allow('s3:ListBucket', 'arn:aws:s3:::b', { StringEquals: { 's3:prefix': 'a/*' } })],
  [
    'FORALLVALUES_NO_NULL',
    allow('dynamodb:GetItem', 'arn:aws:dynamodb:eu-central-1:123456789012:table/t', {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] },
    }),
  ],
  ['PUBLIC_PRINCIPAL', open('*')],
  ['PUBLIC_PRINCIPAL', open({ AWS: '*' }, { ArnLike: { 'aws:SourceArn': '*' } })],
  ['CONFUSED_DEPUTY', open({ Service: 's3.amazonaws.com' })],
  ['CONFUSED_DEPUTY', trust({ Service: 'scheduler.amazonaws.com' })],
  ['CONFUSED_DEPUTY', trust({ Service: 'glue.amazonaws.com' }, { Null: { 'aws:SourceAccount': 'false' } })],
  ['CROSS_ACCOUNT_NO_EXTERNAL_ID', trust({ AWS: '210987654321' })],
  ['OIDC_NO_SUB', trust(oidc, undefined, web)],
  ['OIDC_NO_SUB', trust(oidc, { StringLike: { [sub]: 'repo:*' } }, web)],
  ['INVALID_PRINCIPAL', trust({ Service: 'lambda.amazon.aws' })],
  ['PRIVESC', allow('iam:PutRolePolicy', '*')],
  ['PRIVESC_COMBO', allow('iam:PassRole', '*'), allow(['lambda:CreateFunction', 'lambda:InvokeFunction'], '*')],
  ['PASSROLE_NO_SERVICE', allow('iam:PassRole', role)],
  ['GRAMMAR', { Effect: 'allow', Action: 'sqs:SendMessage', Resource: queue }],
  ['GRAMMAR', { Sid: 'a b', ...allow('sqs:SendMessage', queue) }],
  ['GRAMMAR', { Sid: 'A', ...allow('sqs:SendMessage', queue) }, { Sid: 'A', ...allow('sqs:ReceiveMessage', queue) }],
  ['GRAMMAR', { Effect: 'Allow', Action: 'sqs:SendMessage' }],
  ['GRAMMAR', allow([], queue)],
  ['GRAMMAR', { ...trust({ Service: 'lambda.amazonaws.com' }), Resource: '*' }],
];

test.each(bad)('%s is found in %j', async (code, ...statements) => {
  expect(await codes(...statements)).toContain(code);
});

const good: [string, ...unknown[]][] = [
  ['describing', allow('ec2:Describe*', '*')],
  ['traces', allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*')],
  [
    'own log group',
    allow(
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      'arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/f:*',
    ),
  ],
  [
    'table and index',
    allow('dynamodb:Query', [
      'arn:aws:dynamodb:eu-central-1:123456789012:table/t',
      'arn:aws:dynamodb:eu-central-1:123456789012:table/t/index/*',
    ]),
  ],
  ['metrics by namespace', allow('cloudwatch:PutMetricData', '*', { StringEquals: { 'cloudwatch:namespace': 'App' } })],
  [
    'bucket',
    allow('s3:ListBucket', 'arn:aws:s3:::b', { StringLike: { 's3:prefix': 'a/*' } }),
    allow('s3:GetObject', 'arn:aws:s3:::b/a/*'),
  ],
  ['key root', { ...allow('kms:*', '*'), Principal: { AWS: 'arn:aws:iam::123456789012:root' } }],
  ['deny', { Effect: 'Deny', Action: '*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
  ['deny all but', { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' }],
  ['tags', allow('ec2:StopInstances', '*', { StringEquals: { 'aws:ResourceTag/team': 'a' } })],
  ['service', trust({ Service: 'lambda.amazonaws.com' })],
  ['bound role', trust({ Service: 'glue.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': '123456789012' } })],
  ['external id', trust({ AWS: 'arn:aws:iam::210987654321:root' }, { StringEquals: { 'sts:ExternalId': 'x' } })],
  [
    'one repository',
    trust(
      oidc,
      {
        StringEquals: {
          [sub]: 'repo:o/r:ref:refs/heads/main',
          'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        },
      },
      web,
    ),
  ],
  ['organisation', open('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })],
  ['bound service', open({ Service: 's3.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b' } })],
  [
    'passing to a service',
    allow('iam:PassRole', role, { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }),
  ],
  [
    'secret',
    allow('secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-??????'),
  ],
];

test.each(good)('nothing is found where it is fine: %s', async (_, ...statements) => {
  expect(await codes(...statements)).toEqual([]);
});

test('an acknowledgement holds for its value only, and a stale one is found', async () => {
  const template = (value: string) => ({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Metadata: { 'slake:acknowledged': [{ code: 'RESOURCE_WILDCARD', value, reason: 'It has to be.' }] },
        Properties: {
          Policies: [
            { PolicyDocument: { Version: '2012-10-17', Statement: { Sid: 'Read', ...allow('s3:GetObject', '*') } } },
          ],
        },
      },
    },
  });
  expect(await analyseTemplate(template('Read'))).toEqual([]);
  expect((await analyseTemplate(template('Other'))).map(({ code }) => code)).toEqual([
    'RESOURCE_WILDCARD',
    'ACKNOWLEDGEMENT_STALE',
  ]);
});

test('the stacks of a deployment are clean, and their acknowledgements are needed', async () => {
  const { core, module } = synthesize(configure({ environment: 'prod' }));
  const found = [...(await analyseTemplate(core.toJSON())), ...(await analyseTemplate(module.toJSON()))];

  expect(found.map(({ level, code, message }) => `${level} ${code} ${message}`)).toEqual([]);
});

test('no input throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), async (text) => void (await analyseText(text, 'x'))),
    { numRuns: 50 },
  );
});
