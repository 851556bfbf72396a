// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Catalog } from '../catalog.ts';

/** What an operation asks of a role. */
export interface Need {
  /** Any one of these actions lets it pass. */
  readonly oneOf: readonly string[];
}

/** The permissions of one operation. */
export interface Permissions {
  readonly needs: readonly Need[];
  /** Actions that some requests of it take, or that AWS takes in the caller's name: a grant of them is explained. */
  readonly implies: readonly string[];
}

/** IAM prefix of a service by its name in the SDKs, without case, hyphens and underscores, where they differ. */
const PREFIXES: Readonly<Record<string, string>> = {
  amp: 'aps',
  apigatewaymanagementapi: 'execute-api',
  apigatewayv2: 'apigateway',
  appconfigdata: 'appconfig',
  bedrockagent: 'bedrock',
  bedrockagentcorecontrol: 'bedrock-agentcore',
  bedrockagentruntime: 'bedrock',
  bedrockdataautomation: 'bedrock',
  bedrockdataautomationruntime: 'bedrock',
  bedrockruntime: 'bedrock',
  chimesdkidentity: 'chime',
  chimesdkmediapipelines: 'chime',
  chimesdkmeetings: 'chime',
  chimesdkmessaging: 'chime',
  chimesdkvoice: 'chime',
  cloudcontrol: 'cloudformation',
  cloudhsmv2: 'cloudhsm',
  cloudtraildata: 'cloudtrail-data',
  cloudwatchevents: 'events',
  cloudwatchlogs: 'logs',
  cognitoidentity: 'cognito-identity',
  cognitoidentityprovider: 'cognito-idp',
  cognitoidp: 'cognito-idp',
  configservice: 'config',
  connectcases: 'cases',
  costexplorer: 'ce',
  customerprofiles: 'profile',
  databasemigrationservice: 'dms',
  docdb: 'rds',
  dynamodbstreams: 'dynamodb',
  efs: 'elasticfilesystem',
  elasticloadbalancingv2: 'elasticloadbalancing',
  elasticsearchservice: 'es',
  elb: 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
  emr: 'elasticmapreduce',
  eventbridge: 'events',
  greengrassv2: 'greengrass',
  iotdata: 'iot',
  iotdataplane: 'iot',
  ivsrealtime: 'ivs',
  keyspaces: 'cassandra',
  kinesisanalyticsv2: 'kinesisanalytics',
  kinesisvideoarchivedmedia: 'kinesisvideo',
  kinesisvideomedia: 'kinesisvideo',
  kinesisvideosignaling: 'kinesisvideo',
  lexmodels: 'lex',
  lexruntime: 'lex',
  lexruntimeservice: 'lex',
  lexruntimev2: 'lex',
  lexv2models: 'lex',
  lexv2runtime: 'lex',
  location: 'geo',
  mailmanager: 'ses',
  marketplacecatalog: 'aws-marketplace',
  marketplaceentitlement: 'aws-marketplace',
  marketplacemetering: 'aws-marketplace',
  meteringmarketplace: 'aws-marketplace',
  mwaa: 'airflow',
  neptune: 'rds',
  neptunedata: 'neptune-db',
  opensearch: 'es',
  opensearchserverless: 'aoss',
  personalizeevents: 'personalize',
  personalizeruntime: 'personalize',
  pinpoint: 'mobiletargeting',
  pinpointsmsvoicev2: 'sms-voice',
  qconnect: 'wisdom',
  rdsdata: 'rds-data',
  redshiftdata: 'redshift-data',
  resourcegroupstaggingapi: 'tag',
  s3control: 's3',
  sagemakerfeaturestoreruntime: 'sagemaker',
  sagemakermetrics: 'sagemaker',
  sagemakerruntime: 'sagemaker',
  servicecatalogappregistry: 'servicecatalog',
  sesv2: 'ses',
  sfn: 'states',
  ssoadmin: 'sso',
  ssooidc: 'sso-oauth',
  stepfunctions: 'states',
  timestreamquery: 'timestream',
  timestreamwrite: 'timestream',
  workspacesthinclient: 'thinclient',
};

const PARTIQL = 'PartiQLSelect|PartiQLInsert|PartiQLUpdate|PartiQLDelete';

/**
 * Operations whose actions are called otherwise. A space separates actions that are all needed, `|` those of which one
 * is; `-` is an operation that needs no permission.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
 */
export const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  bedrock: {
    Converse: 'InvokeModel',
    ConverseStream: 'InvokeModelWithResponseStream',
    InvokeModelWithBidirectionalStream: 'InvokeModel',
    StartAsyncInvoke: 'InvokeModel',
  },
  dynamodb: {
    BatchExecuteStatement: PARTIQL,
    ExecuteStatement: PARTIQL,
    ExecuteTransaction: PARTIQL,
    TransactGetItems: 'GetItem',
    TransactWriteItems: 'PutItem|UpdateItem|DeleteItem|ConditionCheckItem',
  },
  'execute-api': {
    PostToConnection: 'ManageConnections',
    GetConnection: 'ManageConnections',
    DeleteConnection: 'ManageConnections',
  },
  kms: { ReEncrypt: 'ReEncryptFrom ReEncryptTo' },
  lambda: {
    GetLayerVersionByArn: 'GetLayerVersion',
    Invoke: 'InvokeFunction',
    InvokeAsync: 'InvokeFunction',
    InvokeWithResponseStream: 'InvokeFunction',
  },
  s3: {
    CompleteMultipartUpload: 'PutObject',
    CopyObject: 'GetObject PutObject',
    CreateMultipartUpload: 'PutObject',
    DeleteBucketAnalyticsConfiguration: 'PutAnalyticsConfiguration',
    DeleteBucketCors: 'PutBucketCORS',
    DeleteBucketEncryption: 'PutEncryptionConfiguration',
    DeleteBucketIntelligentTieringConfiguration: 'PutIntelligentTieringConfiguration',
    DeleteBucketInventoryConfiguration: 'PutInventoryConfiguration',
    DeleteBucketLifecycle: 'PutLifecycleConfiguration',
    DeleteBucketMetricsConfiguration: 'PutMetricsConfiguration',
    DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
    DeleteBucketReplication: 'PutReplicationConfiguration',
    DeleteBucketTagging: 'PutBucketTagging',
    DeleteObjects: 'DeleteObject',
    DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
    GetBucketAccelerateConfiguration: 'GetAccelerateConfiguration',
    GetBucketAnalyticsConfiguration: 'GetAnalyticsConfiguration',
    GetBucketEncryption: 'GetEncryptionConfiguration',
    GetBucketIntelligentTieringConfiguration: 'GetIntelligentTieringConfiguration',
    GetBucketInventoryConfiguration: 'GetInventoryConfiguration',
    GetBucketLifecycle: 'GetLifecycleConfiguration',
    GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
    GetBucketMetricsConfiguration: 'GetMetricsConfiguration',
    GetBucketNotificationConfiguration: 'GetBucketNotification',
    GetBucketReplication: 'GetReplicationConfiguration',
    GetObjectAttributes: 'GetObject GetObjectAttributes',
    GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
    GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
    HeadBucket: 'ListBucket',
    HeadObject: 'GetObject',
    ListBucketAnalyticsConfigurations: 'GetAnalyticsConfiguration',
    ListBucketIntelligentTieringConfigurations: 'GetIntelligentTieringConfiguration',
    ListBucketInventoryConfigurations: 'GetInventoryConfiguration',
    ListBucketMetricsConfigurations: 'GetMetricsConfiguration',
    ListBuckets: 'ListAllMyBuckets',
    ListDirectoryBuckets: 'ListAllMyBuckets',
    ListMultipartUploads: 'ListBucketMultipartUploads',
    ListObjectVersions: 'ListBucketVersions',
    ListObjects: 'ListBucket',
    ListObjectsV2: 'ListBucket',
    ListParts: 'ListMultipartUploadParts',
    PutBucketAccelerateConfiguration: 'PutAccelerateConfiguration',
    PutBucketAnalyticsConfiguration: 'PutAnalyticsConfiguration',
    PutBucketEncryption: 'PutEncryptionConfiguration',
    PutBucketIntelligentTieringConfiguration: 'PutIntelligentTieringConfiguration',
    PutBucketInventoryConfiguration: 'PutInventoryConfiguration',
    PutBucketLifecycle: 'PutLifecycleConfiguration',
    PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
    PutBucketMetricsConfiguration: 'PutMetricsConfiguration',
    PutBucketNotificationConfiguration: 'PutBucketNotification',
    PutBucketReplication: 'PutReplicationConfiguration',
    PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
    PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
    SelectObjectContent: 'GetObject',
    UploadPart: 'PutObject',
    UploadPartCopy: 'GetObject PutObject',
  },
  secretsmanager: { BatchGetSecretValue: 'BatchGetSecretValue GetSecretValue' },
  sns: { PublishBatch: 'Publish' },
  sqs: {
    ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
    DeleteMessageBatch: 'DeleteMessage',
    SendMessageBatch: 'SendMessage',
  },
  sts: { GetCallerIdentity: '-', GetSessionToken: '-' },
};

/**
 * Actions that some requests of an action take, or that the service takes in the name of who calls it.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsecuritylake.html
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export const IMPLIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  athena: {
    StartQueryExecution:
      'athena:GetQueryExecution athena:GetQueryResults glue:GetDatabase glue:GetDatabases glue:GetTable glue:GetTables glue:GetPartition glue:GetPartitions glue:BatchGetPartition lakeformation:GetDataAccess s3:GetBucketLocation s3:GetObject s3:ListBucket s3:PutObject s3:ListMultipartUploadParts s3:AbortMultipartUpload',
  },
  glue: { CreateCrawler: 'iam:PassRole', StartJobRun: 'iam:PassRole', CreateTable: 'lakeformation:GetDataAccess' },
  lakeformation: { RegisterResource: 'iam:PassRole iam:GetRole' },
  lambda: {
    CreateFunction: 'iam:PassRole s3:GetObject',
    UpdateFunctionConfiguration: 'iam:PassRole',
  },
  s3: {
    CopyObject: 's3:GetObjectTagging s3:PutObjectTagging s3:GetObjectVersion s3:ListBucket',
    DeleteObject: 's3:DeleteObjectVersion',
    DeleteObjects: 's3:DeleteObjectVersion',
    GetObject: 's3:GetObjectVersion s3:ListBucket',
    HeadObject: 's3:GetObjectVersion s3:ListBucket',
    PutObject: 's3:AbortMultipartUpload s3:PutObjectAcl s3:PutObjectTagging s3:ListMultipartUploadParts',
    CreateMultipartUpload: 's3:AbortMultipartUpload s3:PutObjectTagging',
  },
  securitylake: {
    CreateCustomLogSource:
      'glue:CreateCrawler glue:CreateDatabase glue:CreateTable glue:GetDatabase glue:GetTable glue:StartCrawlerSchedule glue:StopCrawlerSchedule iam:CreateRole iam:DeleteRolePolicy iam:GetRole iam:PassRole iam:PutRolePolicy kms:CreateGrant kms:DescribeKey kms:GenerateDataKey lakeformation:GetDataLakeSettings lakeformation:GrantPermissions lakeformation:ListPermissions lakeformation:RegisterResource lakeformation:RevokePermissions s3:ListBucket s3:PutObject',
    DeleteCustomLogSource:
      'glue:StopCrawlerSchedule iam:DeleteRole iam:DeleteRolePolicy iam:GetRole iam:ListRolePolicies lakeformation:ListPermissions lakeformation:RevokePermissions',
  },
  states: { StartExecution: 'states:DescribeExecution' },
};

/** What KMS is asked for by services that encrypt with a key of the caller. */
const KEY_USES = [
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:DescribeKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:CreateGrant',
];
/** Services that do, by IAM prefix. */
const ENCRYPTED = new Set([
  'dynamodb',
  'firehose',
  'kinesis',
  'lambda',
  'logs',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'states',
  'events',
]);

function plain(text: string): string {
  return text.replaceAll(/[-_]/g, '').toLowerCase();
}

/** The IAM prefix of a service as an SDK calls it; undefined for one that IAM does not know. */
export function prefixOf(service: string, services: ReadonlySet<string>): string | undefined {
  const name = service.toLowerCase();
  const known = PREFIXES[plain(name)];
  if (known) return known;
  return services.has(name) ? name : [...services].find((service) => plain(service) === plain(name));
}

/** The permissions of an operation, as the SDK of any language writes it; undefined where there is no such operation. */
export function permissionsOf(prefix: string, operation: string, catalog: Catalog): Permissions | undefined {
  const wanted = plain(operation);
  const exceptions = Object.entries(EXCEPTIONS[prefix] ?? {});
  const [, exception] = exceptions.find(([name]) => plain(name) === wanted) ?? [];
  const same = catalog.of(prefix)?.actions.find(({ name }) => plain(name.slice(prefix.length + 1)) === wanted)?.name;
  if (exception === undefined && same === undefined) return undefined;
  const needs =
    exception === undefined
      ? [{ oneOf: [same ?? ''] }]
      : exception === '-'
        ? []
        : exception.split(' ').map((all) => ({ oneOf: all.split('|').map((action) => `${prefix}:${action}`) }));
  const implied = Object.entries(IMPLIES[prefix] ?? {}).find(([name]) => plain(name) === wanted)?.[1] ?? '';
  return { needs, implies: implied.split(' ').filter(Boolean) };
}

/** Whether a grant of KMS is explained by calls of a service that encrypts with the caller's key. */
export function isKeyUse(action: string, usedServices: Iterable<string>): boolean {
  const encrypts = [...usedServices].some((service) => ENCRYPTED.has(service));
  return encrypts && KEY_USES.some((known) => known.toLowerCase() === action.toLowerCase());
}
