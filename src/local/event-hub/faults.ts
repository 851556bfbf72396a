// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { AmqpFailure } from './amqp.ts';

/** What the service answers while it cannot take a link. */
const SERVER_BUSY: AmqpFailure = { condition: 'com.microsoft:server-busy', description: 'refused by a test' };

/** Faults that wait for the moment they were ordered for. */
export class FaultPlan {
  #untilDrop: number | undefined;
  #refusals: AmqpFailure[] = [];

  /** The connection that delivers the `events`-th event from now is cut right after it. */
  dropConnectionAfter(events: number): void {
    this.#untilDrop = events;
  }

  /** The next `links` links to or from the hub are refused. */
  refuseLinks(links: number, failure: AmqpFailure = SERVER_BUSY): void {
    this.#refusals = Array.from({ length: links }, () => failure);
  }

  takeRefusal(): AmqpFailure | undefined {
    return this.#refusals.shift();
  }

  /** How many events may be delivered before something has to happen. */
  get room(): number {
    return this.#untilDrop ?? Number.POSITIVE_INFINITY;
  }

  /** Counts delivered events; true when the connection has to be cut now. */
  delivered(events: number): boolean {
    if (this.#untilDrop === undefined) return false;
    this.#untilDrop -= events;
    if (this.#untilDrop > 0) return false;
    this.#untilDrop = undefined;
    return true;
  }
}
