// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Tally } from './node-builder.ts';
import { grown, sequence } from './numbers.ts';

const FIRST_CAPACITY = 64;
const BYTES_PER_OWNER = 4;

/** Those of some owners that have something. */
export interface Found {
  /** Which of the owners asked for have it, by their place among them, ascending; undefined where each has. */
  readonly at: Uint32Array | undefined;
  /** The numbers of what they have. */
  readonly numbers: Uint32Array;
}

/** What owners have where there is nothing to have. */
export const NOTHING: Found = { at: new Uint32Array(0), numbers: new Uint32Array(0) };

/**
 * Which nodes of a kind have a child of another: an owner has at most one, and what nobody has takes no room and no
 * time. Owners and children are numbered from 0 as they come.
 */
export class Presence {
  /** How many owners have one. */
  count = 0;
  /** Of each child, its owner; undefined as long as the first owners all have one. */
  #owners: Uint32Array | undefined;
  readonly #tally: Tally;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** Notes that an owner has the next child; returns the child's number. Owners come in ascending order. */
  add(owner: number): number {
    const number = this.count++;
    if (this.#owners === undefined) {
      if (owner === number) return number;
      this.#owners = sequence(number, Math.max(FIRST_CAPACITY, number * 2));
      this.#tally.bytes += number * BYTES_PER_OWNER;
    } else if (number === this.#owners.length) this.#owners = grown(this.#owners);
    this.#owners[number] = owner;
    this.#tally.bytes += BYTES_PER_OWNER;
    return number;
  }

  /**
   * What some owners have, for each list of them.
   * @param owners how many there are
   */
  find(lists: readonly Uint32Array[], owners: number): Found[] {
    const { count } = this;
    if (count === 0) return lists.map(() => NOTHING);
    if (this.#owners === undefined && count === owners) {
      return lists.map((numbers) => ({ at: undefined, numbers }));
    }
    const children = cleared(owners);
    for (let number = 0; number < count; number++) children[this.#ownerOf(number)] = number + 1;
    return lists.map((some) => foundIn(children, some));
  }

  /** What is found is all there is, numbered anew; so are the owners, as they were asked for. */
  keep({ at, numbers }: Found): void {
    this.count = numbers.length;
    // A copy: the other belongs to an array with room for all that were asked for.
    this.#owners = at === undefined || at.length === 0 ? undefined : at.slice();
    this.#tally.bytes += (this.#owners?.length ?? 0) * BYTES_PER_OWNER;
  }

  #ownerOf(number: number): number {
    return this.#owners === undefined ? number : (this.#owners[number] as number);
  }
}

/** Of each owner, one more than the number of its child; 0 where it has none. Kept, since it is needed for each column. */
let room = new Uint32Array(0);

function cleared(owners: number): Uint32Array {
  if (room.length < owners) room = new Uint32Array(owners);
  else room.fill(0, 0, owners);
  return room;
}

function foundIn(children: Uint32Array, some: Uint32Array): Found {
  const at = new Uint32Array(some.length);
  const numbers = new Uint32Array(some.length);
  let found = 0;
  for (let place = 0; place < some.length; place++) {
    const child = children[some[place] as number] as number;
    if (child === 0) continue;
    at[found] = place;
    numbers[found++] = child - 1;
  }
  if (found === some.length) return { at: undefined, numbers };
  return { at: at.subarray(0, found), numbers: numbers.subarray(0, found) };
}
