// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Pattern } from '../../../access/index.ts';

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const NETWORK = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const TRACES = [
  'xray:GetSamplingRules',
  'xray:GetSamplingStatisticSummaries',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

/**
 * Actions of the managed policies that functions are given, all on `*`.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  AWSLambdaBasicExecutionRole: LOGS,
  AWSLambdaVPCAccessExecutionRole: [...LOGS, ...NETWORK],
  AWSLambdaENIManagementAccess: NETWORK,
  AWSLambdaSQSQueueExecutionRole: [...LOGS, 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
  AWSLambdaKinesisExecutionRole: [
    ...LOGS,
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    'kinesis:SubscribeToShard',
  ],
  AWSLambdaDynamoDBExecutionRole: [
    ...LOGS,
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ],
  AWSXRayDaemonWriteAccess: TRACES,
  AWSXrayWriteOnlyAccess: TRACES,
  AWSLambdaRole: ['lambda:InvokeFunction'],
  CloudWatchLambdaInsightsExecutionRolePolicy: LOGS,
  SecretsManagerReadWrite: ['secretsmanager:*'],
  AmazonS3FullAccess: ['s3:*'],
  AmazonS3ReadOnlyAccess: ['s3:Get*', 's3:List*', 's3:Describe*'],
  AmazonSQSFullAccess: ['sqs:*'],
  AmazonDynamoDBFullAccess: ['dynamodb:*'],
  AmazonSSMReadOnlyAccess: ['ssm:Describe*', 'ssm:Get*', 'ssm:List*'],
  AdministratorAccess: ['*'],
};

/** Name of a managed policy of AWS, by its ARN; undefined for a policy of a customer. */
export function managedName(arn: Pattern): string | undefined {
  return /:iam::aws:policy\/(?:[\w-]+\/)*([\w+=,.@-]+)$/.exec(arn)?.[1];
}

/** The actions that a managed policy grants; undefined for one whose content is not known here. */
export function managedActions(arn: Pattern): readonly string[] | undefined {
  const name = managedName(arn);
  return name === undefined || !Object.hasOwn(MANAGED, name) ? undefined : MANAGED[name];
}
