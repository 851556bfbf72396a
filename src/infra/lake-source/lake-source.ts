// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import {
  ConflictException,
  CreateCustomLogSourceCommand,
  type CustomLogSourceResource,
  DeleteCustomLogSourceCommand,
  paginateListLogSources,
  type SecurityLakeClient,
} from '@aws-sdk/client-securitylake';
import { Failure } from '../../errors/failure.ts';
import { lakeSourceOfAnother, lakeSourceRefused } from '../../errors/lake-source.ts';
import { type LakeSourceProperties, parseEvent } from './properties.ts';
import { type Change, type Clock, whileBusy } from './retry.ts';
import { trusts } from './trust.ts';

export interface LakeSourceDependencies {
  readonly lake: SecurityLakeClient;
  readonly iam: IAMClient;
  readonly clock: Clock;
  readonly region: string;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface LakeSourceAnswer {
  readonly PhysicalResourceId: string;
  readonly Data?: {
    /** `s3://<lake bucket>/ext/<source>/` */
    readonly Location: string;
    readonly ProviderRoleArn: string;
    readonly SourceName: string;
  };
}

/**
 * Brings Security Lake to what the event asks for: the custom source exists as described, or does not exist.
 * Security Lake changes no source, so a change other than of the name deletes it and creates it anew; objects in the
 * lake stay. A changed name is another physical id, whose predecessor CloudFormation deletes.
 * @throws Failure SLK-LAKE-001 to SLK-LAKE-004; none of their texts holds the external id
 */
export async function onLakeSourceEvent(event: unknown, given: LakeSourceDependencies): Promise<LakeSourceAnswer> {
  const request = parseEvent(event);
  if (request.RequestType === 'Delete') {
    await remove(request.PhysicalResourceId, given);
    return { PhysicalResourceId: request.PhysicalResourceId };
  }
  const wanted = request.ResourceProperties;
  const sameName = request.RequestType === 'Update' && request.PhysicalResourceId === wanted.sourceName;
  const anew = sameName && request.old !== undefined && !isSame(request.old, wanted);
  if (anew) await remove(wanted.sourceName, given);
  return answer(wanted.sourceName, await ensure(wanted, anew, given));
}

function isSame(one: LakeSourceProperties, other: LakeSourceProperties): boolean {
  const keys = Object.keys({ ...one, ...other }) as (keyof LakeSourceProperties)[];
  return keys.every((key) => one[key] === other[key]);
}

async function ensure(
  wanted: LakeSourceProperties,
  anew: boolean,
  given: LakeSourceDependencies,
): Promise<CustomLogSourceResource> {
  const { lake, clock, log } = given;
  const { sourceName } = wanted;
  const { source, made } = await whileBusy({ action: 'create', sourceName }, clock, async () => {
    const existing = await find(sourceName, given);
    if (existing && anew) throw new ConflictException({ message: 'The deleted source is listed still', $metadata: {} });
    if (existing) return { source: existing, made: false };
    const created = await lake.send(
      new CreateCustomLogSourceCommand({
        sourceName,
        sourceVersion: wanted.sourceVersion,
        eventClasses: [wanted.eventClass],
        configuration: {
          crawlerConfiguration: { roleArn: wanted.crawlerRoleArn },
          providerIdentity: { externalId: wanted.externalId, principal: wanted.principal },
        },
      }),
    );
    return { source: created.source, made: true };
  });
  log(made ? 'custom source created' : 'custom source exists', { sourceName, eventClass: wanted.eventClass });
  if (!source) throw incomplete({ action: 'create', sourceName });
  if (!made) await checkTrust(source, wanted, given);
  return source;
}

async function find(
  sourceName: string,
  { lake, region }: LakeSourceDependencies,
): Promise<CustomLogSourceResource | undefined> {
  const asked = { regions: [region], sources: [{ customLogSource: { sourceName } }] };
  for await (const page of paginateListLogSources({ client: lake }, asked)) {
    for (const { sources = [] } of page.sources ?? []) {
      const found = sources.find((source) => source.customLogSource?.sourceName === sourceName);
      if (found) return found.customLogSource;
    }
  }
  return undefined;
}

/** A source found under our name is ours only if its provider role trusts whom we would have named. */
async function checkTrust(
  source: CustomLogSourceResource,
  wanted: LakeSourceProperties,
  { iam, log }: LakeSourceDependencies,
): Promise<void> {
  const roleArn = source.provider?.roleArn ?? '';
  const { sourceName } = wanted;
  let trust: string;
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleArn.slice(roleArn.lastIndexOf('/') + 1) }));
    trust = Role?.AssumeRolePolicyDocument ?? '';
  } catch (error) {
    const reason = error instanceof Error ? error.name : String(error);
    log('trust of the existing custom source not checked', { sourceName, reason });
    return;
  }
  if (!trusts(trust, wanted)) throw new Failure(lakeSourceOfAnother, { sourceName, roleArn });
}

async function remove(sourceName: string, { lake, clock, log }: LakeSourceDependencies): Promise<void> {
  const gone = await whileBusy({ action: 'delete', sourceName }, clock, async () => {
    try {
      await lake.send(new DeleteCustomLogSourceCommand({ sourceName }));
      return false;
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return true;
      throw error;
    }
  });
  log(gone ? 'custom source was gone already' : 'custom source deleted', { sourceName });
}

function answer(sourceName: string, { provider }: CustomLogSourceResource): LakeSourceAnswer {
  if (!provider?.location || !provider.roleArn) throw incomplete({ action: 'list', sourceName });
  const { location: Location, roleArn: ProviderRoleArn } = provider;
  return { PhysicalResourceId: sourceName, Data: { Location, ProviderRoleArn, SourceName: sourceName } };
}

function incomplete(change: Change): Error {
  return new Failure(lakeSourceRefused, { ...change, name: 'answer', reason: 'no location or no provider role' });
}
