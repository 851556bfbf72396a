// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { configure, feeds, loadedModule, synthesize } from '../../infra/stacks.fixture.ts';
import type { TemplateResource } from '../../infra/unbundled.ts';
import { randomText } from '../secrets/evaluation.fixture.ts';
import { scanTemplates } from './scan-templates.ts';
import { synthesizeModule } from './synthesize.ts';

async function codes(...resources: TemplateResource[]): Promise<string[]> {
  const named = Object.fromEntries(resources.map((resource, at) => [`R${at}`, resource]));
  const findings = await scanTemplates([{ name: 'demo', resources: named, text: '' }]);
  return findings.map(({ code }) => code);
}

function statement(changes: object) {
  return { Statement: [{ Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*', ...changes }] };
}

const closedBucket = {
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
  BucketEncryption: {},
};
const tlsOnly = {
  Type: 'AWS::S3::BucketPolicy',
  Properties: {
    Bucket: { Ref: 'R0' },
    PolicyDocument: statement({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  },
};

describe('open to the world', () => {
  test.each<[string, TemplateResource, string[]]>([
    [
      'a bucket that blocks nothing',
      { Type: 'AWS::S3::Bucket', Properties: { AccessControl: 'PublicRead' } },
      ['TEMPLATE-PUBLIC-BUCKET', 'TEMPLATE-PUBLIC-BUCKET', 'TEMPLATE-UNENCRYPTED', 'TEMPLATE-PLAIN-HTTP'],
    ],
    [
      'a security group',
      {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: { SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0', FromPort: 22 }] },
      },
      ['TEMPLATE-OPEN-NETWORK'],
    ],
    [
      'an ingress of IPv6',
      { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { CidrIpv6: '::/0' } },
      ['TEMPLATE-OPEN-NETWORK'],
    ],
    [
      'a queue policy',
      { Type: 'AWS::SQS::QueuePolicy', Properties: { PolicyDocument: statement({}) } },
      ['TEMPLATE-OPEN-POLICY'],
    ],
    [
      'a topic policy with a condition that binds nobody',
      {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: {
          PolicyDocument: statement({ Principal: { AWS: '*' }, Condition: { StringLike: { 'aws:SourceArn': '*' } } }),
        },
      },
      ['TEMPLATE-OPEN-POLICY'],
    ],
    ['a permission', { Type: 'AWS::Lambda::Permission', Properties: { Principal: '*' } }, ['TEMPLATE-OPEN-POLICY']],
    ['a queue without encryption', { Type: 'AWS::SQS::Queue' }, ['TEMPLATE-UNENCRYPTED']],
    ['a topic without encryption', { Type: 'AWS::SNS::Topic' }, ['TEMPLATE-UNENCRYPTED']],
    [
      'a volume without encryption',
      { Type: 'AWS::EC2::Volume', Properties: { Encrypted: false } },
      ['TEMPLATE-UNENCRYPTED'],
    ],
    ['a function URL', { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE' } }, ['TEMPLATE-PUBLIC-ENDPOINT']],
    [
      'a database',
      { Type: 'AWS::RDS::DBInstance', Properties: { StorageEncrypted: true, PubliclyAccessible: true } },
      ['TEMPLATE-PUBLIC-ENDPOINT'],
    ],
    ['plain HTTP', { Type: 'AWS::SNS::Subscription', Properties: { Protocol: 'http' } }, ['TEMPLATE-PLAIN-HTTP']],
    [
      'a listener',
      {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: { Protocol: 'HTTP', DefaultActions: [{ Type: 'forward' }] },
      },
      ['TEMPLATE-PLAIN-HTTP'],
    ],
    [
      'a written secret',
      { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: 'x' } },
      ['TEMPLATE-PLAIN-SECRET'],
    ],
  ])('%s', async (_, resource, expected) => {
    expect(await codes(resource)).toEqual(expected);
  });

  test('a secret in the environment of a function', async () => {
    const secret = `ghp_${randomText(3).alnum(36)}`;
    const resource = { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { TOKEN: secret } } } };
    expect(await codes(resource)).toEqual(['SECRET-GITHUB-TOKEN']);
  });
});

describe('bound', () => {
  test.each<[string, TemplateResource]>([
    [
      'a policy with the account',
      {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { PolicyDocument: statement({ Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }) },
      },
    ],
    [
      'a policy for a service',
      {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { PolicyDocument: statement({ Principal: { Service: 's3.amazonaws.com' } }) },
      },
    ],
    ['an encrypted queue', { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: true } }],
    ['a function URL that asks', { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM' } }],
    [
      'a redirect',
      {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: { Protocol: 'HTTP', DefaultActions: [{ RedirectConfig: { Protocol: 'HTTPS' } }] },
      },
    ],
    [
      'a private network',
      { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/8' }] } },
    ],
  ])('%s', async (_, resource) => {
    expect(await codes(resource)).toEqual([]);
  });

  test('a closed bucket whose policy denies plain HTTP', async () => {
    expect(await codes({ Type: 'AWS::S3::Bucket', Properties: closedBucket }, tlsOnly)).toEqual([]);
    expect(await codes({ Type: 'AWS::S3::Bucket', Properties: closedBucket })).toEqual(['TEMPLATE-PLAIN-HTTP']);
  });
});

test('the stacks of the framework are closed', async () => {
  const { stacks } = synthesize(configure({ environment: 'prod' }), [loadedModule(feeds)]);
  const names = stacks.map(({ stackName }) => stackName);
  const templates = await synthesizeModule(loadedModule(feeds), '/no/such/file.yaml');

  expect(names).toHaveLength(2);
  expect(templates.map(({ name }) => name)).toHaveLength(2);
  expect(await scanTemplates(templates)).toEqual([]);
});

test('of a configuration of several modules the stacks of one are made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slake-several-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config.dev.yaml');
  const module = loadedModule(feeds);
  writeFileSync(
    file,
    `projectName: several
environment: dev
awsRegion: us-east-1
securityLake: { externalId: some-external-id }
integrations:
  ${module.id}: { enabled: true }
  other: { enabled: true, config: { anything: 1 } }
`,
  );

  const templates = await synthesizeModule(module, file);

  expect(templates.map(({ name }) => name)).toEqual(['several-dev', `several-dev-${module.id}`]);
});

test('a configuration without keys configures no module, so that its defaults are taken', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slake-empty-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config.dev.yaml');
  writeFileSync(file, '# nothing yet\n');

  expect(await synthesizeModule(loadedModule(feeds), file)).toHaveLength(2);
});

test('of a configuration that cannot be read the place is told, and nothing of its text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slake-unreadable-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config.dev.yaml');
  writeFileSync(file, 'projectName: lake\npassword: hunter-two: oops\n');

  const failure = await synthesizeModule(loadedModule(feeds), file).catch((error: Error) => error.message);

  expect(failure).toMatch(/config\.dev\.yaml:2:11: a second key stands where a value is expected/);
  expect(failure).not.toContain('hunter');
});
