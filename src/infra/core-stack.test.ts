// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { configure, synthesize } from './stacks.fixture.ts';

const prod = configure({ environment: 'prod' });

test('raw and rejected events expire after the configured days, unfinished uploads after one', () => {
  const { core } = synthesize(configure({ pipeline: { rawRetentionDays: 7, rejectedRetentionDays: 14 } }));

  core.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: [
        Match.objectLike({ Prefix: 'raw/', ExpirationInDays: 7 }),
        Match.objectLike({ Prefix: 'rejected/', ExpirationInDays: 14 }),
        Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
      ],
    },
  });
});

test('the raw bucket is private, takes TLS only, and survives its stack', () => {
  const { core } = synthesize();

  core.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    Properties: {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: Match.absent(),
    },
  });
  core.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    },
  });
});

test('in prod key and checkpoints survive the stack, in dev they go with it', () => {
  for (const [template, policy] of [
    [synthesize(prod).core, 'Retain'],
    [synthesize().core, 'Delete'],
  ] as const) {
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: policy });
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: policy });
  }
});

test('the key is rotated and encrypts bucket, table, topic and logs', () => {
  const { core } = synthesize(prod);
  const [key] = Object.keys(core.findResources('AWS::KMS::Key'));
  const arn = { 'Fn::GetAtt': [key, 'Arn'] };

  core.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  core.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/slake-prod' });
  core.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: arn, SSEType: 'KMS' } });
  core.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: arn });
  core.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: arn, RetentionInDays: 90 });
  core.hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { KMSMasterKeyID: arn, SSEAlgorithm: 'aws:kms' } },
      ],
    },
  });
});

test('with AWS owned keys there is no key, and nothing refers to one', () => {
  const { core, module } = synthesize(configure({ encryption: 'AWS_OWNED_CMK' }));

  core.resourceCountIs('AWS::KMS::Key', 0);
  core.hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
  });
  module.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  expect(JSON.stringify(module.toJSON())).not.toContain('key-arn');
  expect(JSON.stringify(module.toJSON())).not.toContain('UseProjectKey');
});

test('checkpoints are billed by request, recoverable to any second, and in prod not to be deleted', () => {
  synthesize(prod).core.hasResourceProperties('AWS::DynamoDB::Table', {
    BillingMode: 'PAY_PER_REQUEST',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    DeletionProtectionEnabled: true,
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
});

test('every address is subscribed to the alarms', () => {
  const emails = ['one@example.com', 'two@example.com'];
  const { core } = synthesize(configure({ monitoring: { alarms: { emails } } }));

  core.resourceCountIs('AWS::SNS::Subscription', 2);
  for (const Endpoint of emails) core.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint });
});

test('a given crawler role is used, and none is made', () => {
  const crawlerRoleArn = 'arn:aws:iam::123456789012:role/OwnCrawler';
  const securityLake = { externalId: 'slake-external-id', crawlerRoleArn };
  const { core } = synthesize(configure({ securityLake }));

  expect(JSON.stringify(core.toJSON())).not.toContain('AWSGlueServiceRole');
  core.hasResourceProperties('AWS::SSM::Parameter', {
    Name: '/slake/slake/dev/crawler-role-arn',
    Value: crawlerRoleArn,
  });
});

test('without dashboards and alarms in the configuration none is made', () => {
  const { core, module } = synthesize(
    configure({ monitoring: { alarms: { enabled: false }, dashboard: { enabled: false } } }),
  );

  for (const template of [core, module]) {
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  }
});
