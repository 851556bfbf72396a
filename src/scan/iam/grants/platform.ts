// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isRecord, type Pattern, resolveIntrinsics, texts } from '../../../access/index.ts';
import type { TemplateResource } from '../../../infra/unbundled.ts';

/** Actions that Lambda itself calls with the role of a function. */
export interface PlatformUse {
  readonly actions: readonly string[];
  /** Whether the function does not work without. */
  readonly needed: boolean;
  /** `reads the queue ...` */
  readonly why: string;
}

const POLLED: Readonly<Record<string, readonly string[]>> = {
  sqs: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
  kinesis: [
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
  ],
  dynamodb: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
};
const POLLED_TOO: Readonly<Record<string, readonly string[]>> = {
  sqs: ['sqs:ChangeMessageVisibility'],
  kinesis: ['kinesis:ListStreams', 'kinesis:SubscribeToShard', 'kinesis:DescribeStreamConsumer'],
};
const SENT: Readonly<Record<string, string>> = {
  sqs: 'sqs:SendMessage',
  sns: 'sns:Publish',
  lambda: 'lambda:InvokeFunction',
  events: 'events:PutEvents',
  s3: 's3:PutObject',
};

/**
 * What Lambda does in the name of a function: writes its logs and traces, polls its event sources, hands on what
 * failed, and attaches it to a network.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
export function platformUses(
  functionId: string,
  resources: Readonly<Record<string, TemplateResource>>,
): readonly PlatformUse[] {
  const resolved = (id: string) => {
    const value = resolveIntrinsics(resources[id]?.Properties, resources);
    return isRecord(value) ? value : {};
  };
  const own = resolved(functionId);
  const uses: PlatformUse[] = [
    {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:CreateLogGroup'],
      needed: false,
      why: 'writes the logs',
    },
  ];
  if (isRecord(own.TracingConfig) && own.TracingConfig.Mode === 'Active') {
    const actions = [
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ];
    uses.push({ actions, needed: false, why: 'writes the traces' });
  }
  if (isRecord(own.VpcConfig)) {
    const actions = ['CreateNetworkInterface', 'DeleteNetworkInterface', 'DescribeNetworkInterfaces'];
    uses.push({ actions: actions.map((name) => `ec2:${name}`), needed: true, why: 'attaches the function to the VPC' });
    const more = [
      'AssignPrivateIpAddresses',
      'UnassignPrivateIpAddresses',
      'DescribeSubnets',
      'DescribeSecurityGroups',
      'DescribeVpcs',
    ];
    uses.push({ actions: more.map((name) => `ec2:${name}`), needed: false, why: 'attaches the function to the VPC' });
  }
  if (isRecord(own.DeadLetterConfig)) uses.push(...sendsTo(own.DeadLetterConfig.TargetArn, 'the dead letter queue'));
  for (const id of Object.keys(resources)) {
    if (!names(resources[id], functionId)) continue;
    const properties = resolved(id);
    if (resources[id]?.Type === 'AWS::Lambda::EventSourceMapping') {
      for (const arn of texts(properties.EventSourceArn)) {
        const service = serviceOf(arn);
        const actions = POLLED[service];
        if (actions) uses.push({ actions, needed: true, why: `reads the event source of ${service}` });
        const more = POLLED_TOO[service];
        if (more) uses.push({ actions: more, needed: false, why: `reads the event source of ${service}` });
      }
    }
    uses.push(...destinations(properties.DestinationConfig));
  }
  return uses;
}

function destinations(config: unknown): PlatformUse[] {
  if (!isRecord(config)) return [];
  return [config.OnFailure, config.OnSuccess]
    .filter(isRecord)
    .flatMap(({ Destination }) => sendsTo(Destination, 'a destination'));
}

function sendsTo(arn: unknown, what: string): PlatformUse[] {
  return texts(arn).flatMap((text) => {
    const action = SENT[serviceOf(text)];
    return action ? [{ actions: [action], needed: true, why: `sends to ${what}` }] : [];
  });
}

function serviceOf(arn: Pattern): string {
  return /^arn:(?:\u{E000}[^\u{E001}]*\u{E001}|[^:]*):([a-z0-9-]+):/u.exec(arn)?.[1] ?? '';
}

/** Whether an event source or the asynchronous invocation that a resource describes is that of the function. */
function names(resource: TemplateResource | undefined, functionId: string): boolean {
  if (!/^AWS::Lambda::Event(SourceMapping|InvokeConfig)$/.test(resource?.Type ?? '')) return false;
  return JSON.stringify(resource?.Properties?.FunctionName ?? '').includes(`"${functionId}"`);
}
