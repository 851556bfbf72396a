// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { AmqpFailure } from './amqp.ts';
import type { FaultPlan } from './faults.ts';
import type { OwnerLevels } from './owner-levels.ts';
import type { PartitionLog } from './partition-log.ts';
import type { AccessPolicy } from './shared-access-signature.ts';

/** Largest event or batch, in bytes, as in the standard tier. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** One Event Hub and all that happens in it; every connection works on the same one. */
export interface Hub {
  readonly name: string;
  readonly namespace: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Replaced when its key is rotated: tokens of the old key are refused from then on. */
  policy: AccessPolicy;
  readonly consumerGroups: readonly string[];
  readonly partitions: readonly PartitionLog[];
  readonly owners: OwnerLevels;
  readonly faults: FaultPlan;
  /** Says which partition an event without partition goes to. */
  choosePartition(partitionKey: string | undefined): PartitionLog;
}

/** A place in the hub that a link leads to or from. */
export interface Address {
  readonly partition: PartitionLog | undefined;
  readonly consumerGroup: string | undefined;
}

/** True for the nodes that answer requests instead of carrying events. */
export function isRequestNode(address: string): boolean {
  return address === '$cbs' || address.endsWith('$management');
}

/**
 * Finds what an address names: `<hub>`, `<hub>/Partitions/<id>` or `<hub>/ConsumerGroups/<group>/Partitions/<id>`,
 * with or without scheme and host.
 */
export function resolveAddress(hub: Hub, address: string): Address | AmqpFailure {
  const path = address.replace(/^[a-z]+:\/\/[^/]*\//i, '').replace(/^\/+|\/+$/g, '');
  const parts = /^([^/]+)(?:\/ConsumerGroups\/([^/]+))?(?:\/Partitions\/([^/]+))?$/i.exec(path);
  const [, name, group, id] = parts ?? [];
  if (name?.toLowerCase() !== hub.name.toLowerCase()) {
    return { condition: 'amqp:not-found', description: `no Event Hub ${path} in ${hub.namespace}` };
  }
  const consumerGroup = hub.consumerGroups.find((each) => each.toLowerCase() === group?.toLowerCase());
  if (group !== undefined && consumerGroup === undefined) {
    return { condition: 'amqp:not-found', description: `no consumer group ${group} in ${hub.name}` };
  }
  const partition = hub.partitions.find((each) => each.id === id);
  if (id !== undefined && partition === undefined) {
    return {
      condition: 'com.microsoft:argument-out-of-range',
      description: `no partition ${id}: there are 0 to ${hub.partitions.length - 1}`,
    };
  }
  return { partition, consumerGroup };
}
