// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type AccessRequest, isRecord } from '../../access/index.ts';
import { access, keysOf, type Lookups, type Service, textOf } from './call.ts';

/** An action of the same name as the operation, on one resource. */
function named(
  prefix: string,
  resource: (input: Readonly<Record<string, unknown>>, lookups: Lookups) => string | undefined,
  context: (input: Readonly<Record<string, unknown>>) => AccessRequest['context'] = () => ({}),
  actionOf: (operation: string) => string = (operation) => operation,
): Service {
  return ({ operation, input }, lookups) => {
    const arn = resource(input, lookups);
    return arn === undefined
      ? undefined
      : { requests: [access(`${prefix}:${actionOf(operation)}`, arn, context(input))] };
  };
}

/** The URL ends in account and name, whatever host it has. */
const sqs: Service = named(
  'sqs',
  ({ QueueUrl: url, QueueName: name }, { region, accountId }) => {
    const [, owner = accountId, queue = textOf(name)] = /\/(\d{12})\/([^/]+)$/.exec(textOf(url)) ?? [];
    return queue === '' ? undefined : `arn:aws:sqs:${region}:${owner}:${queue}`;
  },
  undefined,
  // Batches take the permission of the single call.
  (operation) => operation.replace(/Batch$/, ''),
);

const secretsmanager: Service = async ({ operation, input }, lookups) => {
  const secretId = textOf(input.SecretId);
  if (secretId === '') {
    return ['ListSecrets', 'GetRandomPassword'].includes(operation)
      ? { requests: [access(`secretsmanager:${operation}`, '*')] }
      : undefined;
  }
  const { region, accountId } = lookups;
  const arn = (await lookups.secretArn(secretId)) ?? `arn:aws:secretsmanager:${region}:${accountId}:secret:${secretId}`;
  const stage = input.VersionStage ?? (operation === 'GetSecretValue' && !input.VersionId ? 'AWSCURRENT' : undefined);
  const context = keysOf({ 'secretsmanager:VersionStage': stage });
  return { requests: [access(`secretsmanager:${operation}`, arn, context)] };
};

const kms: Service = async ({ operation, input }, lookups) => {
  const keyId = textOf(input.KeyId);
  const arn = keyId === '' ? undefined : await lookups.keyArn(keyId);
  if (arn === undefined) return undefined;
  const alias = /alias\/.*$/.exec(keyId)?.[0];
  const context = { ...encryptionContext(input.EncryptionContext), ...keysOf({ 'kms:RequestAlias': alias }) };
  return { requests: [access(`kms:${operation}`, arn, context)] };
};

function encryptionContext(given: unknown): AccessRequest['context'] {
  if (!isRecord(given)) return {};
  const pairs = Object.entries(given).map(([key, value]) => [`kms:EncryptionContext:${key}`, String(value)]);
  return { ...Object.fromEntries(pairs), 'kms:EncryptionContextKeys': Object.keys(given) };
}

const ssm: Service = ({ operation, input }, { region, accountId }) => {
  const names = [input.Name ?? input.Names ?? input.Path ?? []].flat().map(textOf);
  if (names.length === 0 || names.includes('')) return undefined;
  const arn = (name: string) => `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, '')}`;
  return { requests: names.map((name) => access(`ssm:${operation}`, arn(name))) };
};

const sts: Service = ({ operation, input }) => {
  // Whoever has credentials may ask whose they are.
  if (operation === 'GetCallerIdentity') return { requests: [] };
  if (operation !== 'AssumeRole') return undefined;
  const { ExternalId: externalId, RoleSessionName: session } = input;
  const context = keysOf({ 'sts:ExternalId': externalId, 'sts:RoleSessionName': session });
  return { requests: [access('sts:AssumeRole', textOf(input.RoleArn), context)] };
};

const iam: Service = named('iam', ({ RoleName: role }, { accountId }) =>
  typeof role === 'string' ? `arn:aws:iam::${accountId}:role/${role}` : undefined,
);

/**
 * Streams are the resources, also of the call that makes one.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
const logs: Service = named('logs', (input, { region, accountId }) => {
  const { logGroupName: group, logStreamName: stream } = input;
  const arn = `arn:aws:logs:${region}:${accountId}:log-group:${textOf(group)}`;
  return typeof group === 'string' ? `${arn}:log-stream:${textOf(stream)}` : undefined;
});

const monitoring: Service = named(
  'cloudwatch',
  () => '*',
  ({ Namespace: namespace }) => keysOf({ 'cloudwatch:namespace': namespace }),
);

const sns: Service = named('sns', ({ TopicArn, TargetArn }) => textOf(TopicArn ?? TargetArn) || undefined);

const lambda: Service = ({ wire }, { region, accountId }) => {
  const { pathname, searchParams } = new URL(wire.url, 'http://127.0.0.1');
  const [, name = '', rest = ''] =
    /^\/20[\d-]+\/functions\/([^/]+)(?:\/(.*))?$/.exec(decodeURIComponent(pathname)) ?? [];
  const operations: Readonly<Record<string, readonly [operation: string, action?: string]>> = {
    'GET ': ['GetFunction'],
    'GET configuration': ['GetFunctionConfiguration'],
    'POST invocations': ['Invoke', 'InvokeFunction'],
  };
  const [operation, action = operation] = operations[`${wire.method} ${rest}`] ?? [];
  if (name === '' || !operation) return undefined;
  const arn = name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  const qualifier = searchParams.get('Qualifier');
  return { operation, requests: [access(`lambda:${action}`, qualifier ? `${arn}:${qualifier}` : arn)] };
};

const xray: Service = ({ wire }) => {
  const operations: Readonly<Record<string, string>> = {
    '/TraceSegments': 'PutTraceSegments',
    '/TelemetryRecords': 'PutTelemetryRecords',
    '/GetSamplingRules': 'GetSamplingRules',
    '/SamplingTargets': 'GetSamplingTargets',
  };
  const operation = operations[wire.url];
  return operation ? { operation, requests: [access(`xray:${operation}`, '*')] } : undefined;
};

/** Who registers a source also passes the crawler's role on to Glue. */
const securitylake: Service = ({ wire }) => {
  const path = new URL(wire.url, 'http://127.0.0.1').pathname.replace('/v1/datalake/logsources/', '');
  const operations: Readonly<Record<string, string>> = {
    'POST custom': 'CreateCustomLogSource',
    'POST list': 'ListLogSources',
  };
  const operation =
    wire.method === 'DELETE' && path.startsWith('custom/')
      ? 'DeleteCustomLogSource'
      : operations[`${wire.method} ${path}`];
  if (!operation) return undefined;
  const request = access(`securitylake:${operation}`, '*');
  const crawlerRole = /"crawlerConfiguration"\s*:\s*\{\s*"roleArn"\s*:\s*"([^"]+)"/.exec(
    wire.body.toString('utf8'),
  )?.[1];
  if (operation !== 'CreateCustomLogSource' || crawlerRole === undefined) return { operation, requests: [request] };
  const pass = access('iam:PassRole', crawlerRole, { 'iam:PassedToService': 'glue.amazonaws.com' });
  return { operation, requests: [request, pass] };
};

/** Services that name their operation, by the name of their signature. */
export const NAMING: Readonly<Record<string, Service>> = {
  iam,
  kms,
  logs,
  monitoring,
  secretsmanager,
  sns,
  sqs,
  ssm,
  sts,
};

/** Services of which method and path say the operation, and which answer errors in JSON. */
export const BY_PATH: Readonly<Record<string, Service>> = { lambda, securitylake, xray };
