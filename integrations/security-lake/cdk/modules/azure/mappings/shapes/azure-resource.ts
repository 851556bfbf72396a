// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { from, type Path, trimmed } from 'slake/contract';

/**
 * The subscription that an Azure resource id names, in lower case (Azure writes ids in any case).
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export function subscriptionId(value: unknown): string | undefined {
  return segmentAfter(value, 'subscriptions')?.toLowerCase();
}

export function resourceGroup(value: unknown): string | undefined {
  return segmentAfter(value, 'resourcegroups');
}

/** The last segment of an Azure resource id. */
export function resourceName(value: unknown): string | undefined {
  return segments(value)?.at(-1);
}

/** `Microsoft.Compute/virtualMachines` of an Azure resource id; a resource below another has the type of both. */
export function resourceType(value: unknown): string | undefined {
  const parts = segments(value);
  if (!parts) return undefined;
  const provider = parts.findLastIndex((part) => part.toLowerCase() === 'providers');
  if (provider >= 0) {
    const [namespace, ...rest] = parts.slice(provider + 1);
    const types = rest.filter((_, at) => at % 2 === 0);
    return namespace === undefined ? undefined : [namespace, ...types].join('/');
  }
  if (resourceGroup(value) !== undefined) return 'Microsoft.Resources/subscriptions/resourceGroups';
  return subscriptionId(value) === undefined ? undefined : 'Microsoft.Resources/subscriptions';
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

/** The id that was taken apart last: the attributes of a resource all ask for the same. */
let last: { readonly id: string; readonly parts: readonly string[] } = { id: '', parts: [] };

function segments(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'string' || !value.startsWith('/') || value.length > 4096) return undefined;
  if (last.id !== value) last = { id: value, parts: value.split('/').filter((part) => part !== '') };
  return last.parts.length === 0 ? undefined : last.parts;
}

function segmentAfter(value: unknown, name: string): string | undefined {
  const parts = segments(value);
  const at = parts?.findIndex((part) => part.toLowerCase() === name) ?? -1;
  return at < 0 ? undefined : parts?.[at + 1];
}
