// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ListDataLakesCommand, SecurityLakeClient } from '@aws-sdk/client-securitylake';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Configuration } from '../../config/index.ts';
import type { Deployment } from '../../infra/deployment.ts';
import { s3Client } from '../s3-client.ts';
import { together } from './answer.ts';
import { notChecked, type Outcome } from './item.ts';

/** Who the credentials are; other items go without AWS where there are none. */
export async function accountItem({ accountId, awsRegion }: Configuration): Promise<Outcome> {
  const sts = new STSClient({ region: awsRegion });
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    if (accountId === undefined) return { state: 'ok', evidence: [`account ${Account}, as ${Arn}`] };
    if (Account === accountId) return { state: 'ok', evidence: [`account ${accountId}, as ${Arn}`] };
    return { state: 'failed', evidence: [`the credentials are of account ${Account}, accountId says ${accountId}`] };
  } catch (error) {
    return notChecked(reasonOf(error));
  } finally {
    sts.destroy();
  }
}

/** The secrets that running processors read: there, with a value, not about to be deleted. No value is read. */
export async function secretsItem({ configuration, modules }: Deployment): Promise<Outcome> {
  const names = modules.flatMap(({ id, module }) => {
    const integration = configuration.integrations[id];
    return integration?.enabled ? (module.getHealthCheckConfig?.(integration.config).secrets ?? []) : [];
  });
  if (names.length === 0) return { state: 'ok', evidence: ['no running module reads a secret'] };
  const client = new SecretsManagerClient({ region: configuration.awsRegion });
  try {
    const outcomes: Outcome[] = [];
    for (const name of new Set(names)) outcomes.push(await secretOutcome(client, name));
    return together(...outcomes);
  } finally {
    client.destroy();
  }
}

async function secretOutcome(client: SecretsManagerClient, name: string): Promise<Outcome> {
  try {
    const secret = await client.send(new DescribeSecretCommand({ SecretId: name }));
    const flaw = flawOf(secret);
    if (flaw !== undefined) return { state: 'failed', evidence: [`${name} ${flaw}`] };
    const changed = secret.LastChangedDate?.toISOString().slice(0, 10) ?? 'at an unknown time';
    return { state: 'ok', evidence: [`${name}: changed ${changed}, key ${secret.KmsKeyId ?? 'aws/secretsmanager'}`] };
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') return notChecked(`${name}: ${reasonOf(error)}`);
    const fix = `Make it: npm run configure-secrets -- --module <module> --config <file>, which asks for what it holds`;
    return { state: 'failed', evidence: [`${name} does not exist`], fix };
  }
}

/** What keeps a secret from being read, by its description. */
export function flawOf({
  DeletedDate,
  VersionIdsToStages,
}: Pick<DescribeSecretCommandOutput, 'DeletedDate' | 'VersionIdsToStages'>): string | undefined {
  if (DeletedDate !== undefined) return `is being deleted since ${DeletedDate.toISOString().slice(0, 10)}`;
  const stages = Object.values(VersionIdsToStages ?? {}).flat();
  return stages.includes('AWSCURRENT') ? undefined : 'has no value yet';
}

/** That Security Lake is enabled in the Region, and that its bucket is there. */
export async function lakeItem({ awsRegion, securityLake }: Configuration): Promise<Outcome> {
  const lake = await lakeBucket(awsRegion);
  if ('failed' in lake) return { state: 'failed', evidence: [lake.failed] };
  const name = securityLake.s3Bucket ?? lake.bucket;
  const evidence = 'unknown' in lake ? [`Security Lake itself not asked (${lake.unknown})`] : [];
  if (name === undefined) return notChecked('securityLake.s3Bucket is not given', ...evidence);
  if (lake.bucket !== undefined && lake.bucket !== name) {
    return { state: 'failed', evidence: [`Security Lake writes to ${lake.bucket}, securityLake.s3Bucket is ${name}`] };
  }
  const outcome = await bucketOutcome(name, awsRegion);
  return { ...outcome, evidence: [...outcome.evidence, ...evidence] };
}

type Lake =
  | { readonly bucket: string }
  | { readonly failed: string; readonly bucket?: undefined }
  | { readonly unknown: string; readonly bucket?: undefined };

/** @see https://docs.aws.amazon.com/security-lake/latest/APIReference/API_ListDataLakes.html */
async function lakeBucket(region: string): Promise<Lake> {
  const client = new SecurityLakeClient({ region });
  try {
    const { dataLakes = [] } = await client.send(new ListDataLakesCommand({ regions: [region] }));
    const lake = dataLakes.find((candidate) => candidate.region === region);
    if (lake === undefined) return { failed: `Security Lake is not enabled in ${region}` };
    if (lake.createStatus === 'FAILED') return { failed: `Security Lake could not be set up in ${region}` };
    const bucket = lake.s3BucketArn?.split(':::')[1];
    return bucket === undefined ? { unknown: 'it names no bucket' } : { bucket };
  } catch (error) {
    return { unknown: reasonOf(error) };
  } finally {
    client.destroy();
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
async function bucketOutcome(name: string, region: string): Promise<Outcome> {
  const s3 = s3Client(region);
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: name }));
    if (BucketRegion !== undefined && BucketRegion !== region) {
      return { state: 'failed', evidence: [`${name} is in ${BucketRegion}, awsRegion is ${region}`] };
    }
    return { state: 'ok', evidence: [`${name} is there`] };
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return { state: 'failed', evidence: [`${name} does not exist`] };
    if (status === 301) return { state: 'failed', evidence: [`${name} is in another Region than ${region}`] };
    if (status === 403) return notChecked(`${name} may not be looked at with these credentials (s3:ListBucket)`);
    return notChecked(`${name}: ${reasonOf(error)}`);
  } finally {
    s3.destroy();
  }
}

/** Why AWS gave no answer, in one line. */
function reasonOf(error: unknown): string {
  const { name, message, code } = error as Error & { readonly code?: string };
  if (name === 'CredentialsProviderError') return 'there are no AWS credentials';
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `AWS cannot be reached (${code})`;
  return `${name}: ${message.split('\n')[0]}`;
}
