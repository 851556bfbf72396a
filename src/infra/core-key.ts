// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Aws, Duration, aws_iam as iam, aws_kms as kms, type RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Configuration } from '../config/configuration.ts';

/**
 * The project's key: rotated as configured, for the account's own principals as IAM allows them, and for the two services
 * that use it in nobody's name.
 */
export function coreKey(
  scope: Construct,
  stackName: string,
  { rotationDays, pendingWindowDays }: Configuration['kms'],
  removalPolicy: RemovalPolicy,
): kms.Key {
  const key = new kms.Key(scope, 'Key', {
    description: `Encrypts what ${stackName} keeps: raw events, queues, checkpoints, logs, secrets`,
    alias: `alias/${stackName}`,
    enableKeyRotation: true,
    rotationPeriod: Duration.days(rotationDays),
    pendingWindow: Duration.days(pendingWindowDays),
    removalPolicy,
  });
  key.addToResourcePolicy(encryptLogs());
  key.addToResourcePolicy(announceAlarms());
  return key;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function encryptLogs(): iam.PolicyStatement {
  const logGroups = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:/aws/lambda/*`;
  return new iam.PolicyStatement({
    sid: 'EncryptLogGroups',
    principals: [new iam.ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
    actions: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
  });
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
function announceAlarms(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AnnounceAlarms',
    principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}
