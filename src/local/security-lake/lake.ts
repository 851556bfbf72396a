// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, type CreateBucketCommandInput, S3Client } from '@aws-sdk/client-s3';
import { badRequest, type CreateCustomLogSource } from './request.ts';

const LONGEST_BUCKET_NAME = 63;
const POLICY_NAME = 'PutObjectsOfThisSource';

export interface LakeOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What Security Lake answers about a source. */
export interface CustomSource {
  readonly sourceName: string;
  readonly sourceVersion?: string;
  readonly provider: { readonly location: string; readonly roleArn: string };
  readonly attributes: { readonly crawlerArn: string; readonly databaseArn: string; readonly tableArn: string };
}

/** What Security Lake makes in the account: the lake's bucket and a role for each source that may write below its prefix. */
export interface Lake {
  readonly bucket: string;
  makeBucket(): Promise<void>;
  /** @throws ApiError BadRequestException when Glue cannot assume the crawler's role */
  addSource(request: CreateCustomLogSource): Promise<CustomSource>;
  /** Takes the right to write; what was written stays. */
  removeSource(source: CustomSource): Promise<void>;
}

/**
 * Names and locations as the service answers them.
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/securitylake/custom_log_source_test.go
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
 */
export function lakeOf({ endpoint, region, accountId, credentials }: LakeOptions): Lake {
  const client = { endpoint, region, credentials };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const iam = new IAMClient(client);
  const bucket = `aws-security-data-lake-${region}-${suffix(`${accountId}:${region}`)}`.slice(0, LONGEST_BUCKET_NAME);
  const underscored = (text: string) => text.replaceAll('-', '_');
  const glue = (resource: string) => `arn:aws:glue:${region}:${accountId}:${resource}`;

  async function makeBucket(): Promise<void> {
    const input: CreateBucketCommandInput = { Bucket: bucket };
    if (region !== 'us-east-1') {
      input.CreateBucketConfiguration = {
        LocationConstraint: region as NonNullable<
          CreateBucketCommandInput['CreateBucketConfiguration']
        >['LocationConstraint'],
      };
    }
    try {
      await s3.send(new CreateBucketCommand(input));
    } catch (error) {
      if (!isNamed(error, 'BucketAlreadyOwnedByYou')) throw error;
    }
  }

  async function addSource({ sourceName, sourceVersion, configuration }: CreateCustomLogSource): Promise<CustomSource> {
    await checkCrawlerRole(configuration.crawlerConfiguration.roleArn);
    const RoleName = `AmazonSecurityLake-Provider-${sourceName}-${region}`;
    const trust = JSON.stringify(trustPolicy(configuration.providerIdentity));
    try {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    } catch (error) {
      if (!isNamed(error, 'EntityAlreadyExistsException')) throw error;
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
    }
    const PolicyDocument = JSON.stringify(writePolicy(bucket, sourceName));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME, PolicyDocument }));
    return {
      sourceName,
      ...(sourceVersion === undefined ? {} : { sourceVersion }),
      provider: {
        location: `s3://${bucket}/ext/${sourceName}/`,
        roleArn: `arn:aws:iam::${accountId}:role/${RoleName}`,
      },
      attributes: {
        crawlerArn: glue(`crawler/${sourceName}`),
        databaseArn: glue(`database/amazon_security_lake_glue_db_${underscored(region)}`),
        tableArn: glue(`table/amazon_security_lake_table_${underscored(region)}_ext_${underscored(sourceName)}`),
      },
    };
  }

  async function checkCrawlerRole(roleArn: string): Promise<void> {
    const RoleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const trust = await iam.send(new GetRoleCommand({ RoleName })).then(
      ({ Role }) => decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''),
      (error: unknown) => {
        if (isNamed(error, 'NoSuchEntityException')) throw badRequest(`The crawler role ${roleArn} does not exist`);
        throw error;
      },
    );
    if (!trust.includes('glue.amazonaws.com')) {
      throw badRequest(`The crawler role ${roleArn} does not trust glue.amazonaws.com`);
    }
  }

  async function removeSource({ provider }: CustomSource): Promise<void> {
    const RoleName = provider.roleArn.slice(provider.roleArn.lastIndexOf('/') + 1);
    try {
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME }));
      await iam.send(new DeleteRoleCommand({ RoleName }));
    } catch (error) {
      if (!isNamed(error, 'NoSuchEntityException')) throw error;
    }
  }

  return { bucket, makeBucket, addSource, removeSource };
}

function trustPolicy({ principal, externalId }: CreateCustomLogSource['configuration']['providerIdentity']) {
  const Principal = /^\d{12}$/.test(principal) ? { AWS: `arn:aws:iam::${principal}:root` } : { Service: principal };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal,
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    ],
  };
}

function writePolicy(bucket: string, sourceName: string) {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket}/ext/${sourceName}/*` }],
  };
}

/** 30 characters, as long as the service's own, but always the same ones for one account and region. */
function suffix(of: string): string {
  return BigInt(`0x${createHash('sha256').update(of).digest('hex')}`)
    .toString(36)
    .slice(0, 30);
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
