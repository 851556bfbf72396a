// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { remembered } from '../../contract/remembered.ts';
import type { OcsfEvent } from '../map/mapper.ts';

/** Where the lake keeps a row: the account it belongs to and its day. */
export interface Partition {
  /** 12-digit AWS account, `external_<id>` for an account elsewhere, `external` where the event names none. */
  readonly accountId: string;
  /** UTC day of the event, `YYYYMMDD`. */
  readonly eventDay: string;
}

/**
 * The partition of a valid OCSF event, from the event alone.
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
 */
export function partitionOf(event: OcsfEvent): Partition {
  const cloud = event.cloud as { provider?: unknown; account?: { uid?: unknown } } | undefined;
  const uid = cloud?.account?.uid;
  return { accountId: accountFolder(uid), eventDay: dayOf(event.time as number) };
}

const DAY_MS = 86_400_000;
/** A run meets few days; an object made up to hold every one there is must not fill the memory. */
const KNOWN = 4_000;
const days = new Map<number, string>();

/** The UTC day of a time in epoch milliseconds, `YYYYMMDD`. */
export function dayOf(time: number): string {
  const number = Math.floor(time / DAY_MS);
  const known = days.get(number);
  if (known !== undefined) return known;
  const day = new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
  if (days.size < KNOWN) days.set(number, day);
  return day;
}

/** What stands behind `accountId=` for a `cloud.account.uid`. */
export function accountFolder(uid: unknown): string {
  return typeof uid !== 'string' || uid === '' ? 'external' : folderOf(uid);
}

const folderOf = remembered((uid) =>
  /^\d{12}$/.test(uid) ? uid : `external_${uid.slice(0, 128).replaceAll(/[^A-Za-z0-9-]/g, '_')}`,
);

/**
 * The object name made of what the rows come from, so that doing it again overwrites itself: the readable end of the
 * raw object's key and a hash of all of it, then the part where one raw object fills several.
 */
export function objectName(origin: string, part: number): string {
  const readable = (origin.split('/').at(-1) ?? '').replace(/\.ndjson(\.gz)?$/, '').replaceAll(/[^A-Za-z0-9._-]/g, '_');
  const hash = createHash('sha256').update(origin).digest('hex').slice(0, 16);
  return `${readable.slice(0, 120)}-${hash}${part === 0 ? '' : `-${part}`}`;
}
