// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isRecord } from './document.ts';
import { type Pattern, unknown } from './pattern.ts';

export interface TemplateResource {
  readonly Type?: unknown;
  readonly Properties?: unknown;
  readonly Metadata?: unknown;
}

/** ARN of a resource by its type; `{}` is its name. */
const ARN_OF: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'dynamodb:R:A:table/{}',
  'AWS::IAM::ManagedPolicy': 'iam::A:policy/{}',
  'AWS::IAM::Role': 'iam::A:role/{}',
  'AWS::IAM::User': 'iam::A:user/{}',
  'AWS::KMS::Key': 'kms:R:A:key/{}',
  'AWS::Kinesis::Stream': 'kinesis:R:A:stream/{}',
  'AWS::KinesisFirehose::DeliveryStream': 'firehose:R:A:deliverystream/{}',
  'AWS::Lambda::Function': 'lambda:R:A:function:{}',
  'AWS::Logs::LogGroup': 'logs:R:A:log-group:{}:*',
  'AWS::S3::Bucket': 's3:::{}',
  'AWS::SNS::Topic': 'sns:R:A:{}',
  'AWS::SQS::Queue': 'sqs:R:A:{}',
  'AWS::SecretsManager::Secret': 'secretsmanager:R:A:secret:{}',
  'AWS::StepFunctions::StateMachine': 'states:R:A:stateMachine:{}',
};
/** Types of which `Ref` is the ARN. */
const REF_IS_ARN = new Set(['AWS::IAM::ManagedPolicy', 'AWS::SNS::Topic', 'AWS::SecretsManager::Secret']);
const DEEPEST = 100;

/**
 * Resolves the intrinsic functions in a value of a template. What only a deployment knows becomes an unknown value; ARNs
 * of the template's own resources keep their service and type. `Fn::If` gives both branches in a list, and
 * `AWS::NoValue` nothing.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function resolveIntrinsics(
  value: unknown,
  resources: Readonly<Record<string, TemplateResource>> = {},
  depth = 0,
): unknown {
  if (depth > DEEPEST) return unknown('too deep');
  const inner = (part: unknown) => resolveIntrinsics(part, resources, depth + 1);
  if (Array.isArray(value)) return value.flatMap((item) => inner(item) ?? []);
  if (!isRecord(value)) return value;
  const [entry, ...others] = Object.entries(value);
  if (entry && others.length === 0 && (entry[0] === 'Ref' || entry[0].startsWith('Fn::'))) {
    return intrinsic(entry[0], entry[1], resources, inner);
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => {
      const resolved = inner(part);
      return resolved === undefined ? [] : [[key, resolved] as const];
    }),
  );
}

function intrinsic(
  name: string,
  argument: unknown,
  resources: Readonly<Record<string, TemplateResource>>,
  inner: (part: unknown) => unknown,
): unknown {
  const list = Array.isArray(argument) ? argument : [];
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? undefined : reference(String(argument), resources);
    case 'Fn::GetAtt': {
      const [id, attribute] = typeof argument === 'string' ? argument.split(/\.(.*)/s) : list.map(String);
      return attributeOf(id ?? '', attribute ?? '', resources);
    }
    case 'Fn::Join': {
      const parts = inner(list[1]);
      return Array.isArray(parts) ? parts.map(one).join(String(list[0] ?? '')) : one(parts);
    }
    case 'Fn::Sub': {
      const text = typeof argument === 'string' ? argument : String(list[0] ?? '');
      const names = isRecord(list[1]) ? list[1] : {};
      return substitute(text, (key) => {
        if (Object.hasOwn(names, key)) return one(inner(names[key]));
        const [id, attribute] = key.split(/\.(.*)/s);
        return attribute === undefined ? reference(key, resources) : attributeOf(id ?? '', attribute, resources);
      });
    }
    case 'Fn::If':
      return list.slice(1).flatMap((branch) => inner(branch) ?? []);
    case 'Fn::Select': {
      const items = inner(list[1]);
      const item = Array.isArray(items) ? items[Number(list[0])] : undefined;
      return item ?? unknown('Select');
    }
    case 'Fn::Split': {
      const text = inner(list[1]);
      return typeof text === 'string' ? text.split(String(list[0])) : [unknown('Split')];
    }
    case 'Fn::ImportValue':
      return unknown(`ImportValue ${typeof argument === 'string' ? argument : ''}`.trim());
    default:
      return unknown(name.slice('Fn::'.length));
  }
}

/** `${!Literal}` stays as `${Literal}`. */
function substitute(text: string, value: (key: string) => string): string {
  return text.replaceAll(/\$\{(!?)([^}]*)\}/g, (_, literal: string, key: string) =>
    literal ? `\${${key}}` : value(key.trim()),
  );
}

function one(value: unknown): Pattern {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return unknown('value');
}

function typeOf(id: string, resources: Readonly<Record<string, TemplateResource>>): string {
  const type = Object.hasOwn(resources, id) ? resources[id]?.Type : undefined;
  return typeof type === 'string' ? type : '';
}

function reference(id: string, resources: Readonly<Record<string, TemplateResource>>): Pattern {
  if (id === 'AWS::URLSuffix') return 'amazonaws.com';
  return REF_IS_ARN.has(typeOf(id, resources)) ? arn(id, resources) : unknown(id);
}

function attributeOf(id: string, attribute: string, resources: Readonly<Record<string, TemplateResource>>): Pattern {
  const isArn = ['Arn', 'TopicArn', 'PolicyArn'].includes(attribute);
  return isArn && ARN_OF[typeOf(id, resources)] ? arn(id, resources) : unknown(`${id}.${attribute}`);
}

function arn(id: string, resources: Readonly<Record<string, TemplateResource>>): Pattern {
  const [service = '', region = '', account = '', ...rest] = (ARN_OF[typeOf(id, resources)] ?? '').split(':');
  const of = (part: string, name: string) => (part === '' ? '' : unknown(name));
  const head = ['arn', unknown('AWS::Partition'), service, of(region, 'AWS::Region'), of(account, 'AWS::AccountId')];
  return [...head, ...rest].join(':').replace('{}', () => unknown(id));
}
