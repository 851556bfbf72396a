// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  type App,
  Aws,
  CfnOutput,
  Duration,
  aws_dynamodb as dynamodb,
  aws_iam as iam,
  type aws_kms as kms,
  RemovalPolicy,
  Stack,
  aws_s3 as s3,
  aws_sns as sns,
  aws_ssm as ssm,
  aws_sns_subscriptions as subscriptions,
} from 'aws-cdk-lib';
import type { Configuration } from '../config/configuration.ts';
import { acknowledge } from '../module/acknowledge.ts';
import type { Assets } from './assets.ts';
import { coreDashboard } from './core-dashboard.ts';
import { coreKey } from './core-key.ts';
import { type CoreParameter, coreParameterName, coreStackName } from './core-parameters.ts';
import { crawlLake } from './lake-access.ts';
import { LakeSourceProvider } from './lake-source-provider.ts';
import { removalPolicyOf } from './removal-policy.ts';

export interface CoreStackProps {
  readonly configuration: Configuration;
  readonly assets: Assets;
  /** Ids of the deployed modules, for the dashboard. */
  readonly moduleIds: readonly string[];
}

/** What lasts: key, raw events, checkpoints, alarm topic, and the ways to register lake sources. */
export class CoreStack extends Stack {
  constructor(app: App, { configuration, assets, moduleIds }: CoreStackProps) {
    const name = coreStackName(configuration);
    super(app, name, {
      stackName: name,
      description: 'Slake: what the modules share (key, raw events, checkpoints, alarms)',
      env: { account: configuration.accountId, region: configuration.awsRegion },
      terminationProtection: configuration.terminationProtection,
      tags: { ...configuration.tags },
    });
    const removalPolicy = removalPolicyOf(configuration);
    const customerManaged = configuration.encryption === 'CUSTOMER_MANAGED_CMK';
    const key = customerManaged ? coreKey(this, name, configuration.kms, removalPolicy) : undefined;
    const rawBucket = this.rawBucket(configuration, key);
    const checkpoints = this.checkpointTable(configuration, key, removalPolicy);
    const alarmTopic = this.alarmTopic(configuration, key);
    const crawlerRoleArn = configuration.securityLake.crawlerRoleArn ?? this.crawlerRole(configuration).roleArn;
    const provider = new LakeSourceProvider(this, 'LakeSources', {
      configuration,
      crawlerRoleArn,
      assets,
      key,
    });
    if (configuration.monitoring.dashboard.enabled) coreDashboard(this, name, moduleIds, checkpoints);

    const told: Readonly<Partial<Record<CoreParameter, string>>> = {
      alarmTopicArn: alarmTopic.topicArn,
      checkpointTableName: checkpoints.tableName,
      crawlerRoleArn,
      keyArn: key?.keyArn,
      lakeSourceProviderArn: provider.serviceToken,
      rawBucketName: rawBucket.bucketName,
    };
    for (const [parameter, value] of Object.entries(told) as [CoreParameter, string | undefined][]) {
      if (value === undefined) continue;
      new ssm.StringParameter(this, `Parameter-${parameter}`, {
        parameterName: coreParameterName(configuration, parameter),
        description: `For the module stacks of ${name}`,
        stringValue: value,
      });
      new CfnOutput(this, `${parameter.charAt(0).toUpperCase()}${parameter.slice(1)}`, { value });
    }
  }

  private rawBucket(configuration: Configuration, key: kms.IKey | undefined): s3.Bucket {
    const { rawRetentionDays, rejectedRetentionDays } = configuration.pipeline;
    const bucket = new s3.Bucket(this, 'RawBucket', {
      encryption: key ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
      encryptionKey: key,
      bucketKeyEnabled: key !== undefined,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // A bucket that holds something cannot be deleted; left behind, it empties itself by the rules below.
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: 'raw', prefix: 'raw/', expiration: Duration.days(rawRetentionDays) },
        { id: 'rejected', prefix: 'rejected/', expiration: Duration.days(rejectedRetentionDays) },
        { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    acknowledge(
      bucket,
      {
        code: 'S3_ACCESS_LOGGING',
        value: 'RawBucket',
        reason: 'Only the functions of this project read or write it; data events of CloudTrail show who else does.',
      },
      {
        code: 'S3_VERSIONING',
        value: 'RawBucket',
        reason: 'An object is named after what it holds and written again with the same content; it expires by itself.',
      },
    );
    return bucket;
  }

  private checkpointTable(
    configuration: Configuration,
    key: kms.IKey | undefined,
    removalPolicy: RemovalPolicy,
  ): dynamodb.Table {
    return new dynamodb.Table(this, 'Checkpoints', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: key ? dynamodb.TableEncryption.CUSTOMER_MANAGED : dynamodb.TableEncryption.DEFAULT,
      encryptionKey: key,
      deletionProtection: configuration.environment === 'prod',
      removalPolicy,
    });
  }

  private alarmTopic(configuration: Configuration, key: kms.IKey | undefined): sns.Topic {
    const topic = new sns.Topic(this, 'Alarms', {
      displayName: `Alarms of ${this.stackName}`,
      masterKey: key,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AnnounceOwnAlarms',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:*` },
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        },
      }),
    );
    for (const email of configuration.monitoring.alarms.emails) {
      topic.addSubscription(new subscriptions.EmailSubscription(email));
    }
    return topic;
  }

  private crawlerRole(configuration: Configuration): iam.Role {
    const bucket = configuration.securityLake.s3Bucket;
    const role = new iam.Role(this, 'CrawlerRole', {
      description: 'Glue crawls the custom sources of Security Lake with it',
      assumedBy: new iam.ServicePrincipal('glue.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSGlueServiceRole')],
      inlinePolicies: { lake: new iam.PolicyDocument({ statements: crawlLake(bucket) }) },
    });
    acknowledge(role, {
      code: 'MANAGED_POLICY',
      value: 'AWSGlueServiceRole',
      reason:
        'AWS prescribes it for crawlers of custom sources; give securityLake.crawlerRoleArn to use a role of your own.',
    });
    return role;
  }
}
