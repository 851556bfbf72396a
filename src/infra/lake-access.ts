// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Aws, aws_iam as iam } from 'aws-cdk-lib';
import type { Acknowledgement } from '../module/acknowledge.ts';

/** Calls that Security Lake makes in the name of whoever registers a source, and no others. */
const VIA_SECURITY_LAKE = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'securitylake.amazonaws.com' } };

const GLUE_DATABASE = 'amazon_security_lake_glue_db';

/** Buckets of Security Lake: the one of the configuration, or the name Security Lake gives them in this Region. */
export function lakeBucketArn(bucket: string | undefined): string {
  return `arn:${Aws.PARTITION}:s3:::${bucket ?? `aws-security-data-lake-${Aws.REGION}-*`}`;
}

/**
 * What registering and removing custom sources takes: the API itself, and what Security Lake then does in the caller's
 * name (crawler, table, provider role, Lake Formation, the source's prefix).
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/security-iam-awsmanpol.html
 */
export function manageLakeSources(crawlerRoleArn: string, bucket: string | undefined): iam.PolicyStatement[] {
  const glue = `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  const providerRoles = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/AmazonSecurityLake-Provider-*`;
  const lakeBucket = lakeBucketArn(bucket);
  return [
    new iam.PolicyStatement({
      sid: 'ManageLakeSources',
      actions: [
        'securitylake:CreateCustomLogSource',
        'securitylake:DeleteCustomLogSource',
        'securitylake:ListLogSources',
      ],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      // These actions take no resource: named for one, the statement would allow nothing.
      sid: 'ManageCrawlersViaSecurityLake',
      actions: ['glue:CreateCrawler', 'glue:StartCrawlerSchedule', 'glue:StopCrawlerSchedule'],
      resources: ['*'],
      conditions: VIA_SECURITY_LAKE,
    }),
    new iam.PolicyStatement({
      sid: 'ManageTablesViaSecurityLake',
      actions: ['glue:CreateDatabase', 'glue:CreateTable', 'glue:GetDatabase', 'glue:GetTable'],
      resources: [`${glue}:catalog`, `${glue}:database/${GLUE_DATABASE}*`, `${glue}:table/${GLUE_DATABASE}*/*`],
      conditions: VIA_SECURITY_LAKE,
    }),
    new iam.PolicyStatement({
      sid: 'GrantOnTablesViaSecurityLake',
      actions: [
        'lakeformation:GetDataLakeSettings',
        'lakeformation:GrantPermissions',
        'lakeformation:ListPermissions',
        'lakeformation:RegisterResource',
        'lakeformation:RevokePermissions',
      ],
      resources: ['*'],
      conditions: VIA_SECURITY_LAKE,
    }),
    new iam.PolicyStatement({
      sid: 'WriteProviderRolesViaSecurityLake',
      actions: ['iam:CreateRole', 'iam:DeleteRolePolicy', 'iam:PutRolePolicy'],
      resources: [providerRoles],
      conditions: {
        ...VIA_SECURITY_LAKE,
        // The boundary keeps a role made here from ever doing more than reading and writing the lake.
        StringEquals: {
          'iam:PermissionsBoundary': `arn:${Aws.PARTITION}:iam::aws:policy/AmazonSecurityLakePermissionsBoundary`,
        },
      },
    }),
    new iam.PolicyStatement({
      sid: 'RemoveProviderRolesViaSecurityLake',
      actions: ['iam:DeleteRole', 'iam:ListRolePolicies'],
      resources: [providerRoles],
      conditions: VIA_SECURITY_LAKE,
    }),
    new iam.PolicyStatement({
      sid: 'PassCrawlerRoleToGlue',
      actions: ['iam:PassRole'],
      resources: [crawlerRoleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } },
    }),
    new iam.PolicyStatement({
      // Also called directly: a source found under our name is ours only if its role trusts us.
      sid: 'ReadRolesOfSources',
      actions: ['iam:GetRole'],
      resources: [crawlerRoleArn, providerRoles],
    }),
    new iam.PolicyStatement({
      sid: 'PrepareLakePrefixViaSecurityLake',
      actions: ['s3:ListBucket', 's3:PutObject'],
      resources: [lakeBucket, `${lakeBucket}/ext/*`],
      conditions: VIA_SECURITY_LAKE,
    }),
    new iam.PolicyStatement({
      sid: 'UseLakeKeyViaSecurityLake',
      actions: ['kms:CreateGrant', 'kms:GenerateDataKey'],
      resources: [`arn:${Aws.PARTITION}:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/*`],
      conditions: {
        ...VIA_SECURITY_LAKE,
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': `${lakeBucket}*` },
      },
    }),
    new iam.PolicyStatement({
      sid: 'DescribeLakeKeyViaSecurityLake',
      actions: ['kms:DescribeKey'],
      resources: [`arn:${Aws.PARTITION}:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/*`],
      conditions: VIA_SECURITY_LAKE,
    }),
  ];
}

/** Why the statements above name more than single resources. */
export const manageLakeSourcesAcknowledged: readonly Acknowledgement[] = [
  {
    code: 'RESOURCE_WILDCARD',
    value: 'ManageLakeSources',
    reason: 'Security Lake has no resource type for log sources; its actions take only *.',
  },
];

/**
 * What the crawler of custom sources may do with the lake, beside the managed policy AWS prescribes for it.
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
 */
export function crawlLake(bucket: string | undefined): iam.PolicyStatement[] {
  const lakeBucket = lakeBucketArn(bucket);
  return [
    new iam.PolicyStatement({
      sid: 'CrawlCustomSources',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [`${lakeBucket}/ext/*`],
    }),
    new iam.PolicyStatement({
      sid: 'ReadWithLakeKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [`arn:${Aws.PARTITION}:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/*`],
      conditions: {
        StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` },
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': `${lakeBucket}*` },
      },
    }),
  ];
}
