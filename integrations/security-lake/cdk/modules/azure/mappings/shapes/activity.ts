// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  all,
  any,
  choose,
  compute,
  contains,
  ENVELOPE_TIME,
  equals,
  from,
  gives,
  integer,
  ip,
  isoMs,
  json,
  long,
  lookup,
  not,
  orElse,
  type Path,
  text,
  url,
} from 'slake/contract';
import { resourceAt, resourceType, subscriptionId } from './azure-resource.ts';
import { httpFailure, httpMethod, httpOutcome } from './http.ts';

/** The record names its kind as text, or as `{value, localizedValue}` in the form of the REST interface. */
export function isCategory(...categories: readonly string[]) {
  return any(equals('category', ...categories), equals('category.value', ...categories));
}

const TIMES = ['time', 'eventTimestamp'] as const;
const OPERATION_NAMES = ['operationName.value', 'operationName'] as const;
const OPERATIONS = [...OPERATION_NAMES, 'authorization.action', 'identity.authorization.action'] as const;
const RESULTS = ['resultType', 'status.value'] as const;
const RESOURCES = ['resourceId', 'ResourceId', 'properties.entity', 'properties.resourceId'] as const;
const CODES = ['properties.httpStatusCode', 'statusCode'] as const;
/** Names of claims by who defined them; a dot in a key is escaped. */
const MICROSOFT = 'http://schemas\\.microsoft\\.com/identity/claims';
const XMLSOAP = 'http://schemas\\.xmlsoap\\.org/ws/2005/05/identity/claims';
const CALLERS = ['callerIpAddress', 'CallerIpAddress', 'httpRequest.clientIpAddress', ...claims('ipaddr')];
const TENANTS = ['tenantId', ...claims(`${MICROSOFT}/tenantid`)];
const AUTHORIZATION = 'identity.authorization.evidence';

/** Claims of the caller's token, best first: the activity log has them under `claims`, Key Vault under `claim`. */
function claims(...names: readonly string[]): Path[] {
  return names.flatMap((name) => [`identity.claims.${name}`, `identity.claim.${name}`]);
}

const LEVELS = { Critical: 5, Error: 4, Warning: 3, Information: 1, Informational: 1, Verbose: 1 } as const;

const account = choose<{ uid?: string; type?: string; type_id: 6 | 99 }>(
  any(...RESOURCES.map((path) => contains(path, '/subscriptions/'))),
  { uid: from(RESOURCES, subscriptionId), type: 'Azure Subscription', type_id: 99 },
  { uid: from(TENANTS), type: 'Azure AD Account', type_id: 6 },
);

/**
 * What the records of the activity log and of resource logs have in common: the top-level fields are the same.
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/resource-logs-schema
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema
 */
export const record = {
  // Some relays leave the time out: then it is that at which the event hub took the record.
  time: from([...TIMES, ENVELOPE_TIME], isoMs),
  duration: from('durationMs', long),
  message: from([
    'resultDescription',
    'description',
    'properties.message',
    'operationName.localizedValue',
    'operationName',
  ]),
  severity_id: lookup('level', LEVELS, 1, { ignoreCase: true }),
  cloud: { provider: 'Azure', account, region: from(['location', 'properties.resourceLocation']) },
  metadata: {
    event_code: from(OPERATIONS),
    correlation_uid: from('correlationId'),
    log_name: from(['category.value', 'category']),
    log_level: from(['level', 'Level']),
    log_version: from('operationVersion'),
    original_time: from(TIMES),
    tenant_uid: from(TENANTS),
    product: { name: 'Microsoft Azure', vendor_name: 'Microsoft', feature: { name: 'Activity log' } },
  },
} as const;

/** The resource a record is about. */
export const recordResource = resourceAt(RESOURCES);

/** The provider that the operation names (`Microsoft.Compute` of `Microsoft.Compute/disks/write`), or the resource. */
const provider = from([...OPERATIONS, ...RESOURCES], providerOf);
/** The same where all that name operation and resource do it alike: a record has each of them in several cases. */
const agreedProvider = compute([...OPERATIONS, ...RESOURCES], (...values) => {
  const operation = agreed(values.slice(0, OPERATIONS.length));
  const resource = agreed(values.slice(OPERATIONS.length));
  return operation && resource ? (providerOf(operation) ?? providerOf(resource)) : undefined;
});

const user = {
  name: from([
    ...claims(`${XMLSOAP}/upn`, 'upn', `${XMLSOAP}/name`, 'name', `${XMLSOAP}/emailaddress`, `${XMLSOAP}/spn`),
    'identity.requester.upn',
    'caller',
    ...claims('unique_name'),
    'identity.UserName',
    // Of a log of storage: Anonymous, SAS, AccountKey.
    'identity.type',
  ]),
  full_name: from(claims('name')),
  uid: from([
    ...claims(`${MICROSOFT}/objectidentifier`, 'oid'),
    'identity.requester.objectId',
    `${AUTHORIZATION}.principalId`,
    ...claims(`${XMLSOAP}/nameidentifier`, 'nameidentifier'),
  ]),
  // Who is behind a record without identity is somebody of the directory, at least.
  account: { uid: from(TENANTS), type: 'Azure AD Account', type_id: 6 },
} as const;

const session = {
  uid: from(claims('sid')),
  credential_uid: from(['identity.tokenHash', ...claims('uti')]),
} as const;

const appUid = from([...claims('appid'), 'identity.requester.appId']);

const address = from(CALLERS, ip);

const isOfAzure = isCategory('Alert', 'Autoscale', 'Recommendation', 'ResourceHealth', 'ServiceHealth');
const isOfSomebody = any(
  ...[user.name, user.uid, user.account.uid, session.uid, session.credential_uid].map((told) => gives(told)),
);

/** A name in the form of the REST interface is an object, of which nothing else is to be kept. */
const operationName = compute(OPERATION_NAMES, (...names) => names.map(lastWords).find((words) => words !== undefined));

/** `status_id`: unknown, success, failure, and 99 for what is under way. */
type Outcome = 0 | 1 | 2 | 99;

/** How a call came out, by the word of the record. */
const OUTCOMES: Readonly<Record<string, 1 | 2 | 99>> = {
  success: 1,
  succeeded: 1,
  failure: 2,
  failed: 2,
  'client error': 2,
  start: 99,
  started: 99,
  accept: 99,
  accepted: 99,
  active: 99,
  activated: 99,
  resolved: 99,
  'in progress': 99,
};

// Key Vault writes Success beside each answer it gave, and storage no result but the code.
const failed = from([...CODES, 'resultSignature'], httpFailure);
const worded = from(RESULTS, wordOutcome);
const wordedFailure = from(RESULTS, (word) => (wordOutcome(word) === 2 ? 2 : undefined));
const answered = from(CODES, httpOutcome);

/** A record as a call of an Azure interface. */
export const call = {
  ...record,
  activity_id: choose<Activity>(
    any(equals('properties.statusCode', 'Created'), equals('properties.httpStatusCode', 201)),
    from(OPERATIONS, (operation) => activityOf(operation, true)),
    from(OPERATIONS, (operation) => activityOf(operation, false)),
  ),
  activity_name: orElse(operationName, from(OPERATIONS, lastWords)),
  status_id: orElse<Outcome>(failed, orElse<Outcome>(worded, orElse<Outcome>(answered, 0))),
  // A word that the code belies is kept.
  status: choose<string>(any(not(gives(failed)), gives(wordedFailure)), from(RESULTS, knownWord)),
  status_code: from(['properties.statusCode', 'resultSignature', 'subStatus.value', 'statusCode']),
  status_detail: from(['properties.statusMessage', 'properties.statusText', 'statusText']),
  actor: {
    user,
    app_name: choose<string>(
      all(isOfAzure, gives(provider)),
      provider,
      // OCSF demands an actor: an application that only its id tells, or nobody that is known.
      choose<string>(not(isOfSomebody), orElse(appUid, 'Unknown')),
    ),
    app_uid: appUid,
    session,
    authorizations: [
      {
        policy: {
          name: from(`${AUTHORIZATION}.role`),
          uid: from([`${AUTHORIZATION}.roleAssignmentId`, `${AUTHORIZATION}.roleDefinitionId`]),
        },
      },
    ],
  },
  src_endpoint: {
    ip: address,
    // What Azure does by itself has no address: the provider of the operation is where it comes from.
    svc_name: choose<string>(not(gives(address)), orElse(provider, 'Unknown')),
  },
  http_request: {
    http_method: from(['httpRequest.method', 'properties.requestMethod'], httpMethod),
    user_agent: from(['properties.userAgentHeader', 'properties.clientInfo']),
    uid: from(['httpRequest.clientRequestId', 'properties.clientRequestId']),
    url: { url_string: from(['uri', 'httpRequest.uri', 'properties.requestUri'], url) },
  },
  api: {
    operation: from(OPERATIONS),
    version: from(['operationVersion', 'properties.apiVersion']),
    service: { name: orElse(agreedProvider, provider) },
    request: {
      uid: from(['properties.serviceRequestId', 'eventDataId', 'properties.eventDataId', 'id', 'correlationId']),
      data: from('properties.requestbody', json),
    },
    response: { code: from(CODES, integer), message: from('properties.statusMessage') },
  },
  resources: [{ ...recordResource, region: from(['location', 'properties.resourceLocation']) }],
} as const;

function wordOutcome(value: unknown): 1 | 2 | 99 | undefined {
  const word = text(value)?.toLowerCase();
  return word !== undefined && Object.hasOwn(OUTCOMES, word) ? OUTCOMES[word] : undefined;
}

function knownWord(value: unknown): string | undefined {
  return wordOutcome(value) === undefined ? undefined : text(value);
}

type Activity = 1 | 2 | 3 | 4 | 99;

const VERBS: Readonly<Record<string, Activity>> = {
  get: 2,
  list: 2,
  create: 1,
  import: 1,
  update: 3,
  patch: 3,
  delete: 4,
  purge: 4,
};

/** An operation ends with what it does: `.../write`, `.../delete`, `.../listKeys/action`, `KeyCreate`. */
function activityOf(value: unknown, isCreated: boolean): Activity | undefined {
  const operation = text(value);
  if (operation === undefined) return undefined;
  const verb = operation.split('/').at(-1)?.toLowerCase() ?? '';
  if (verb === 'write') return isCreated ? 1 : 3;
  if (verb === 'delete' || verb.startsWith('delete')) return 4;
  if (verb === 'read' || /^(get|list|head)/.test(verb)) return 2;
  if (/^(put|create)/.test(verb)) return 1;
  return vaultActivityOf(verb, isCreated);
}

/**
 * Key Vault names the object first (`KeyListDeleted`). A secret that is set has a new version; that of other objects
 * which are set may be their first, or not.
 * @see https://learn.microsoft.com/azure/key-vault/general/logging
 */
function vaultActivityOf(operation: string, isCreated: boolean): Activity {
  if (operation === 'secretset') return 1;
  if (operation === 'vaultput') return isCreated ? 1 : 3;
  const verb =
    /^(?:vault|key|secret|certificate)[a-z]*?(get|list|create|import|update|patch|delete|purge)(?:deleted|versions)?$/.exec(
      operation,
    )?.[1];
  return (verb && VERBS[verb]) || 99;
}

/** `storageAccounts/write` of an operation. */
function lastWords(operation: unknown): string | undefined {
  return text(operation)?.split('/').slice(-2).join('/');
}

/** The text that values are, those that are there, whatever its case; undefined where they differ. */
function agreed(values: readonly unknown[]): string | undefined {
  const [first, ...others] = values.filter((value) => value !== undefined && value !== null);
  const name = text(first);
  return others.every((other) => text(other)?.toLowerCase() === name?.toLowerCase()) ? name : undefined;
}

/** `Microsoft.Compute` of `Microsoft.Compute/virtualMachines/write`, or of the id of a resource. */
function providerOf(value: unknown): string | undefined {
  const name = text(value);
  if (!name?.includes('/')) return undefined;
  return name.startsWith('/') ? resourceType(name)?.split('/')[0] : name.split('/')[0];
}
