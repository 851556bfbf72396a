// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { from, type Path, remembered, trimmed } from 'slake/contract';

/**
 * The subscription that an Azure resource id names, in lower case (Azure writes ids in any case).
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export function subscriptionId(value: unknown): string | undefined {
  return resourceId(value)?.subscription;
}

export function resourceGroup(value: unknown): string | undefined {
  return resourceId(value)?.group;
}

/** The last segment of an Azure resource id. */
export function resourceName(value: unknown): string | undefined {
  return resourceId(value)?.name;
}

/** `Microsoft.Compute/virtualMachines` of an Azure resource id; a resource below another has the type of both. */
export function resourceType(value: unknown): string | undefined {
  return resourceId(value)?.type;
}

/** The `cloud` object of an event of the subscription that one of `paths` names. */
export function subscriptionCloud(paths: readonly Path[]) {
  // OCSF 1.3.0 has no id for a subscription: 10 is an AWS account, 6 an account of Entra ID.
  return {
    provider: 'Azure',
    account: { uid: from(paths, subscriptionId), type: 'Azure Subscription', type_id: 99 },
  } as const;
}

/** The `resource_details` of the Azure resource whose id stands at one of `paths`. */
export function resourceAt(paths: readonly Path[]) {
  return {
    uid: from(paths, trimmed),
    name: from(paths, resourceName),
    type: from(paths, resourceType),
    group: { name: from(paths, resourceGroup) },
  } as const;
}

interface ResourceId {
  readonly subscription: string | undefined;
  readonly group: string | undefined;
  readonly name: string | undefined;
  readonly type: string | undefined;
}

function resourceId(value: unknown): ResourceId | undefined {
  return mayBeId(value) && value.startsWith('/') ? parsed(value) : undefined;
}

/** Whether a value is a text that an Azure resource id could be: none is longer, but an event may hold any text. */
export function mayBeId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 4096;
}

const parsed = remembered((text): ResourceId => {
  const segments = text.split('/');
  const parts = segments.includes('', 1) ? segments.filter((part) => part !== '') : segments.slice(1);
  const subscription = segmentAfter(parts, 'subscriptions')?.toLowerCase();
  const group = segmentAfter(parts, 'resourcegroups');
  return { subscription, group, name: parts.at(-1), type: typeOf(parts, subscription, group) };
});

function typeOf(parts: readonly string[], subscription?: string, group?: string): string | undefined {
  const provider = parts.findLastIndex((part) => isWord(part, 'providers'));
  if (provider >= 0) {
    let type = parts[provider + 1];
    // Types and names take turns behind the namespace.
    for (let at = provider + 2; at < parts.length; at += 2) type += `/${parts[at]}`;
    return type;
  }
  if (group !== undefined) return 'Microsoft.Resources/subscriptions/resourceGroups';
  return subscription === undefined ? undefined : 'Microsoft.Resources/subscriptions';
}

function segmentAfter(parts: readonly string[], name: string): string | undefined {
  const at = parts.findIndex((part) => isWord(part, name));
  return at < 0 ? undefined : parts[at + 1];
}

/** Most segments differ in length already, which takes far less than to write them in lower case. */
function isWord(segment: string, word: string): boolean {
  return segment.length === word.length && segment.toLowerCase() === word;
}
