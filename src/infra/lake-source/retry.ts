// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.ts';
import { lakeSourceBusy, lakeSourceRefused } from '../../errors/lake-source.ts';

const FIRST_WAIT_MILLISECONDS = 2_000;
const LONGEST_WAIT_MILLISECONDS = 30_000;
/** Of a call that IAM lets fail: about a minute. */
const GRANT_ATTEMPTS = 6;
/** What refusals that come of IAM speak of; Lake Formation and Security Lake refuse in other words. */
const OF_IAM = /is not authorized to perform|\brole\b|assume/i;

/** Time as the handler sees it. */
export interface Clock {
  /** Milliseconds of the invocation that may still be used. */
  remaining(): number;
  sleep(milliseconds: number): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

/** One change of a source, for messages. */
export interface Change {
  readonly action: 'create' | 'delete' | 'list';
  readonly sourceName: string;
}

/**
 * Repeats `attempt` while Security Lake says that it is busy, as its error documentation asks for, and for a while
 * where it may not see yet what was made or granted a moment ago.
 * @see https://docs.aws.amazon.com/security-lake/latest/APIReference/API_CreateCustomLogSource.html
 * @throws Failure SLK-LAKE-002 when it refuses, SLK-LAKE-003 when the time is over
 */
export async function whileBusy<T>(change: Change, clock: Clock, attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Failure || !(error instanceof Error)) throw error;
      const { name } = error;
      if (!isPassing(error, attempts)) {
        throw new Failure(lakeSourceRefused, { ...change, name, reason: error.message }, { cause: error });
      }
      const wait = waitAfter(attempts, clock.random());
      if (clock.remaining() <= wait) throw new Failure(lakeSourceBusy, { ...change, name, attempts }, { cause: error });
      await clock.sleep(wait);
    }
  }
}

/** Between half and all of a time that doubles, so that sources of one stack do not collide again and again. */
function waitAfter(attempts: number, random: number): number {
  const longest = Math.min(FIRST_WAIT_MILLISECONDS * 2 ** (attempts - 1), LONGEST_WAIT_MILLISECONDS);
  return Math.round(longest * (0.5 + random / 2));
}

/**
 * IAM takes a while until what was made or granted a moment ago counts everywhere: a crawler role is not seen, a call is
 * denied that is allowed. A deployment that ends a minute late is better than one that fails for it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
function isPassing({ name, message }: Error, attempts: number): boolean {
  if (['ConflictException', 'ThrottlingException', 'InternalServerException'].includes(name)) return true;
  const isRefusal = name === 'BadRequestException' || name === 'AccessDeniedException';
  return isRefusal && OF_IAM.test(message) && attempts < GRANT_ATTEMPTS;
}
