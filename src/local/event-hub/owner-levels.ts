// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { AmqpFailure } from './amqp.ts';

/** A receiver of one partition in one consumer group. */
export interface Receiver {
  /** Also called epoch; undefined for a receiver that shares the partition with others. */
  readonly ownerLevel: number | undefined;
  disconnect(failure: AmqpFailure): void;
}

/** Receivers without owner level that one partition and consumer group admits. */
const SHARED_RECEIVERS = 5;

/**
 * Who reads which partition. A receiver with an owner level is alone: it takes the partition from every receiver of
 * the same or a lower level, and is refused while one of a higher level is connected.
 *
 * @see https://learn.microsoft.com/azure/event-hubs/event-hubs-features#consumer-groups
 */
export class OwnerLevels {
  readonly #receivers = new Map<string, Set<Receiver>>();

  /** Admits a receiver, disconnecting those it supersedes. Returns why it is refused, or undefined. */
  claim(partition: string, group: string, receiver: Receiver): AmqpFailure | undefined {
    const present = this.#of(partition, group);
    const owner = [...present].find((each) => each.ownerLevel !== undefined);
    const level = receiver.ownerLevel;
    if (level === undefined) {
      if (owner)
        return stolen(`partition ${partition} is owned at level ${owner.ownerLevel}: connect with an owner level`);
      if (present.size >= SHARED_RECEIVERS) {
        return {
          condition: 'amqp:resource-limit-exceeded',
          description: `at most ${SHARED_RECEIVERS} receivers of a partition in a consumer group`,
        };
      }
    } else {
      if (owner?.ownerLevel !== undefined && owner.ownerLevel > level) {
        return stolen(`partition ${partition} is owned at level ${owner.ownerLevel}, above ${level}`);
      }
      this.disconnect(partition, group, `a receiver of owner level ${level} has taken partition ${partition}`);
    }
    present.add(receiver);
    return undefined;
  }

  release(partition: string, group: string, receiver: Receiver): void {
    this.#of(partition, group).delete(receiver);
  }

  /** Disconnects all receivers of the partition as if another had taken it; returns how many they were. */
  disconnect(partition: string, group: string, description: string): number {
    const present = this.#of(partition, group);
    const receivers = [...present];
    present.clear();
    for (const receiver of receivers) receiver.disconnect(stolen(description));
    return receivers.length;
  }

  #of(partition: string, group: string): Set<Receiver> {
    const key = `${partition}/${group}`;
    const present = this.#receivers.get(key) ?? new Set();
    this.#receivers.set(key, present);
    return present;
  }
}

function stolen(description: string): AmqpFailure {
  return { condition: 'amqp:link:stolen', description };
}
