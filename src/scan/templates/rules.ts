// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../../findings/index.ts';
import type { TemplateResource } from '../../infra/unbundled.ts';
import { listOf, type Statement, statementsOf, valueAt } from './template.ts';

/** A rule on single resources of a template. */
export interface TemplateRule extends Rule {
  /** What is wrong with a resource, each in one sentence. */
  readonly check: (resource: TemplateResource, context: TemplateContext) => readonly string[];
}

export interface TemplateContext {
  /** Logical id of the resource. */
  readonly id: string;
  readonly resources: Readonly<Record<string, TemplateResource>>;
}

const ANYWHERE = new Set(['0.0.0.0/0', '::/0']);
/** Conditions that bind everybody to accounts, organizations, networks or resources. */
const BINDING =
  /aws:(?:Source(?:Account|Arn|OrgID|OrgPaths|Vpc|Vpce|Ip|Owner)|Principal(?:Account|Arn|OrgID|OrgPaths|ServiceName)|VpcSourceIp)|kms:(?:CallerAccount|ViaService)|lambda:FunctionUrlAuthType|s3:DataAccessPointAccount|sns:Endpoint/i;

function isEverybody(principal: unknown): boolean {
  if (principal === '*') return true;
  return listOf(valueAt(principal, 'AWS')).includes('*') || listOf(valueAt(principal, 'Federated')).includes('*');
}

/** Lets everybody in: an Allow for `*` that no condition binds. */
function isOpen({ Effect, Principal, Condition }: Statement): boolean {
  return Effect === 'Allow' && isEverybody(Principal) && !isBound(Condition);
}

function isBound(condition: unknown): boolean {
  return Object.entries((condition ?? {}) as Readonly<Record<string, unknown>>).some(
    ([operator, keys]) =>
      !/^(?:.*:)?(?:String|Arn)Not|IfExists$|^Null$/.test(operator) &&
      Object.entries(keys as Readonly<Record<string, unknown>>).some(
        ([key, values]) =>
          BINDING.test(key) && !listOf(values).some((value) => value === '*' || ANYWHERE.has(String(value))),
      ),
  );
}

/** Where each type keeps its resource policy. */
const POLICIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::BucketPolicy': ['PolicyDocument'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument'],
  'AWS::KMS::Key': ['KeyPolicy'],
  'AWS::SecretsManager::ResourcePolicy': ['ResourcePolicy'],
  'AWS::ECR::Repository': ['RepositoryPolicyText'],
  'AWS::DynamoDB::Table': ['ResourcePolicy', 'PolicyDocument'],
  'AWS::IAM::Role': ['AssumeRolePolicyDocument'],
  'AWS::OpenSearchService::Domain': ['AccessPolicies'],
  'AWS::Events::EventBusPolicy': ['Statement'],
};

/** Types whose data lies unencrypted unless a property says otherwise, and that property. */
const ENCRYPTED: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Volume': ['Encrypted'],
  'AWS::EFS::FileSystem': ['Encrypted'],
  'AWS::RDS::DBInstance': ['StorageEncrypted'],
  'AWS::RDS::DBCluster': ['StorageEncrypted'],
  'AWS::Redshift::Cluster': ['Encrypted'],
  'AWS::OpenSearchService::Domain': ['EncryptionAtRestOptions', 'Enabled'],
  'AWS::ElastiCache::ReplicationGroup': ['AtRestEncryptionEnabled'],
};

export const templateRules: readonly TemplateRule[] = [
  {
    code: 'TEMPLATE-PUBLIC-BUCKET',
    title: 'Buckets block public access',
    level: 'error',
    why: 'One policy or access list set by mistake opens the events to everybody.',
    fix: 'blockPublicAccess: BlockPublicAccess.BLOCK_ALL, and no public access list.',
    check({ Type, Properties }) {
      if (Type !== 'AWS::S3::Bucket') return [];
      const block = valueAt(Properties, 'PublicAccessBlockConfiguration');
      const open = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].filter(
        (key) => String(valueAt(block, key)) !== 'true',
      );
      const list = String(valueAt(Properties, 'AccessControl') ?? '');
      return [
        ...(open.length > 0 ? [`the bucket does not block public access (${open.join(', ')})`] : []),
        ...(/^Public|^AuthenticatedRead$/.test(list) ? [`the access list of the bucket is ${list}`] : []),
        ...(valueAt(Properties, 'WebsiteConfiguration') ? ['the bucket is a web site'] : []),
      ];
    },
  },
  {
    code: 'TEMPLATE-OPEN-NETWORK',
    title: 'No security group lets the whole internet in',
    level: 'error',
    why: 'Whatever listens behind it is scanned within minutes.',
    fix: 'Name the networks or security groups that may come in.',
    check({ Type, Properties }) {
      const rules =
        Type === 'AWS::EC2::SecurityGroup'
          ? listOf(valueAt(Properties, 'SecurityGroupIngress'))
          : Type === 'AWS::EC2::SecurityGroupIngress'
            ? [Properties]
            : [];
      return rules
        .map((rule) => [valueAt(rule, 'CidrIp') ?? valueAt(rule, 'CidrIpv6'), valueAt(rule, 'FromPort')])
        .filter(([cidr]) => ANYWHERE.has(String(cidr)))
        .map(([cidr, port]) => `${cidr} may come in on ${port === undefined ? 'all ports' : `port ${port}`}`);
    },
  },
  {
    code: 'TEMPLATE-OPEN-POLICY',
    title: 'No resource policy lets everybody in',
    level: 'error',
    why: 'Any AWS account, or anybody at all, can use the resource.',
    fix: 'Name the accounts or services, or bind "*" with aws:SourceAccount, aws:SourceArn or aws:PrincipalOrgID.',
    check({ Type, Properties }) {
      if (Type === 'AWS::Lambda::Permission') {
        const bound = ['SourceAccount', 'SourceArn', 'PrincipalOrgID'].some((key) => valueAt(Properties, key));
        return valueAt(Properties, 'Principal') === '*' && !bound ? ['anybody may invoke the function'] : [];
      }
      const path = POLICIES[Type];
      if (!path) return [];
      return statementsOf(Type === 'AWS::Events::EventBusPolicy' ? Properties : valueAt(Properties, ...path))
        .filter(isOpen)
        .map(
          ({ Sid, Action }) =>
            `the statement ${Sid ?? '(without Sid)'} allows ${listOf(Action).join(', ')} to everybody`,
        );
    },
  },
  {
    code: 'TEMPLATE-UNENCRYPTED',
    title: 'Data at rest is encrypted',
    level: 'error',
    why: 'Whoever gets at the storage reads the events.',
    fix: 'Encrypt it, with the key of the project where there is one.',
    check({ Type, Properties }) {
      if (Type === 'AWS::S3::Bucket' && !valueAt(Properties, 'BucketEncryption')) {
        return ['the bucket names no encryption'];
      }
      if (Type === 'AWS::SQS::Queue') {
        const managed = valueAt(Properties, 'SqsManagedSseEnabled');
        return !valueAt(Properties, 'KmsMasterKeyId') && String(managed) !== 'true'
          ? ['the queue names no encryption']
          : [];
      }
      if (Type === 'AWS::SNS::Topic')
        return valueAt(Properties, 'KmsMasterKeyId') ? [] : ['the topic is not encrypted'];
      if (Type === 'AWS::Kinesis::Stream' || Type === 'AWS::KinesisFirehose::DeliveryStream') {
        const named = ['StreamEncryption', 'DeliveryStreamEncryptionConfigurationInput'];
        return named.some((key) => valueAt(Properties, key)) ? [] : ['the stream is not encrypted'];
      }
      const path = ENCRYPTED[Type];
      return path && String(valueAt(Properties, ...path)) !== 'true' ? [`${path.join('.')} is not true`] : [];
    },
  },
  {
    code: 'TEMPLATE-PUBLIC-ENDPOINT',
    title: 'No function, API or database answers everybody',
    level: 'error',
    why: 'Anybody can call it, at your cost and with what it may do.',
    fix: 'Ask for IAM or another authorizer; keep databases out of public networks.',
    check({ Type, Properties }) {
      const type = valueAt(Properties, Type === 'AWS::Lambda::Url' ? 'AuthType' : 'AuthorizationType') ?? 'NONE';
      if (Type === 'AWS::Lambda::Url') return type === 'NONE' ? ['the function URL asks nobody who calls'] : [];
      const options = valueAt(Properties, 'HttpMethod') === 'OPTIONS';
      if (Type === 'AWS::ApiGateway::Method' && type === 'NONE' && !options && !valueAt(Properties, 'ApiKeyRequired')) {
        return ['the method asks nobody who calls'];
      }
      if (Type === 'AWS::ApiGatewayV2::Route' && type === 'NONE') return ['the route asks nobody who calls'];
      return String(valueAt(Properties, 'PubliclyAccessible')) === 'true' ? ['it is publicly accessible'] : [];
    },
  },
  {
    code: 'TEMPLATE-PLAIN-HTTP',
    title: 'Nothing travels without TLS',
    level: 'error',
    why: 'Everybody on the way reads and changes it.',
    fix: 'https everywhere; a bucket policy that denies requests without aws:SecureTransport (enforceSSL: true).',
    check({ Type, Properties }, { id, resources }) {
      if (Type === 'AWS::ElasticLoadBalancingV2::Listener' && valueAt(Properties, 'Protocol') === 'HTTP') {
        const redirects = listOf(valueAt(Properties, 'DefaultActions')).every(
          (action) => valueAt(action, 'RedirectConfig', 'Protocol') === 'HTTPS',
        );
        return redirects ? [] : ['the listener takes plain HTTP'];
      }
      if (Type === 'AWS::SNS::Subscription' && valueAt(Properties, 'Protocol') === 'http') {
        return ['the subscription delivers over plain HTTP'];
      }
      if (Type === 'AWS::S3::Bucket' && !Object.values(resources).some((other) => deniesPlainHttp(other, id))) {
        return ['no policy of the bucket denies requests without TLS'];
      }
      return [];
    },
  },
  {
    code: 'TEMPLATE-PLAIN-SECRET',
    title: 'No secret stands in the template',
    level: 'error',
    why: 'Everybody with read access to the stack sees it.',
    fix: 'Store it with configure-secrets and refer to it by name: {{resolve:secretsmanager:...}}.',
    check({ Type, Properties }) {
      const text = valueAt(Properties, 'SecretString');
      const plain = typeof text === 'string' && !text.includes('{{resolve:');
      return Type === 'AWS::SecretsManager::Secret' && plain ? ['SecretString is written in the template'] : [];
    },
  },
];

function deniesPlainHttp({ Type, Properties }: TemplateResource, bucket: string): boolean {
  return (
    Type === 'AWS::S3::BucketPolicy' &&
    valueAt(Properties, 'Bucket', 'Ref') === bucket &&
    statementsOf(valueAt(Properties, 'PolicyDocument')).some(
      ({ Effect, Condition }) => Effect === 'Deny' && JSON.stringify(Condition ?? {}).includes('aws:SecureTransport'),
    )
  );
}

export const templateNotChecked: Rule = {
  code: 'TEMPLATE-NOT-CHECKED',
  title: 'The stacks can be made',
  level: 'not-checked',
  why: 'What cannot be synthesized cannot be looked at.',
  fix: 'Correct what is named, or give --config with a configuration in which the module is configured.',
};
