// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { schemas } from '../../ocsf/generated/schemas.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import { type Validator, validatorFor } from '../../ocsf/validate.ts';
import { accountFolder, dayOf } from '../../pipeline/write/partition.ts';
import { isVersion } from './ocsf-version.ts';
import type { Row } from './row-reader.ts';

/** Something the validator says of rows. */
export interface RowProblem {
  readonly text: string;
  readonly count: number;
  /** Number of the first such row, from 0. */
  readonly first: number;
}

/** What the rows of an object hold, gathered in one pass; each map counts rows by value. */
export interface RowFacts {
  readonly count: number;
  /** `class_uid`; rows without one are not in it. */
  readonly classes: ReadonlyMap<string, number>;
  /** `metadata.version` where it is a semantic version. */
  readonly versions: ReadonlyMap<string, number>;
  /** UTC days, `YYYYMMDD`; rows without a time in epoch milliseconds are not in it. */
  readonly days: ReadonlyMap<string, number>;
  /** Folder names of the accounts, `123456789012` or `external_<id>`. */
  readonly accounts: ReadonlyMap<string, number>;
  /** Rows whose `time` is no epoch milliseconds. */
  readonly withoutTime: number;
  /** Rows that are earlier than the row before them, and the number of the first. */
  readonly outOfOrder: { readonly count: number; readonly first: number };
  readonly problems: readonly RowProblem[];
  /** Versions of rows that were not held against a class: there are no tables of it here. */
  readonly withoutTables: ReadonlyMap<string, number>;
}

/** What is wrong with a row; nothing can be said where there are no tables of its version. */
type RowCheck = ((row: Row) => readonly string[]) | 'no tables';

/** Epoch milliseconds of the years 1 to 9999: no other has a day `YYYYMMDD`. */
const [FIRST_MS, LAST_MS] = [-62_135_596_800_000, 253_402_300_799_999];
/** Kinds of problems that are told apart in one object. */
const MOST_PROBLEMS = 200;
/** Characters of a value that are shown. */
const MOST_SHOWN = 40;

/** Goes through all rows once. */
export async function gatherRows(batches: AsyncIterable<readonly Row[]>): Promise<RowFacts> {
  const [classes, versions, days, accounts] = [counter(), counter(), counter(), counter()];
  const withoutTables = counter();
  const problems = new Map<string, { count: number; first: number }>();
  const checks = new Map<string, RowCheck>();
  const outOfOrder = { count: 0, first: -1 };
  let [count, withoutTime] = [0, 0];
  let before = Number.NEGATIVE_INFINITY;

  for await (const rows of batches) {
    for (const row of rows) {
      const version = (row.metadata as { version?: unknown } | undefined)?.version;
      const uid = typeof row.class_uid === 'object' ? 'an object' : row.class_uid?.toString();
      if (uid !== undefined) add(classes, uid);
      if (typeof version === 'string' && isVersion(version)) add(versions, version);
      add(accounts, accountFolder((row.cloud as { account?: { uid?: unknown } } | undefined)?.account?.uid));
      const { time } = row;
      if (typeof time === 'number' && Number.isInteger(time) && time >= FIRST_MS && time <= LAST_MS) {
        add(days, dayOf(time));
        if (time < before) {
          if (outOfOrder.count === 0) outOfOrder.first = count;
          outOfOrder.count += 1;
        }
        before = time;
      } else withoutTime += 1;
      const key = JSON.stringify([typeof version, typeof version === 'string' ? version : '', uid]);
      const check = checks.get(key) ?? (await checkOf(version, uid));
      checks.set(key, check);
      if (check === 'no tables') add(withoutTables, String(version));
      for (const problem of new Set(check === 'no tables' ? [] : check(row))) {
        const known = problems.get(problem);
        if (known) known.count += 1;
        else if (problems.size < MOST_PROBLEMS) problems.set(problem, { count: 1, first: count });
      }
      count += 1;
    }
  }
  return {
    count,
    classes,
    versions,
    days,
    accounts,
    withoutTime,
    outOfOrder,
    problems: [...problems].map(([text, each]) => ({ text, ...each })),
    withoutTables,
  };
}

function counter(): Map<string, number> {
  return new Map();
}

function add(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** How rows of a `metadata.version` and a `class_uid` are checked. */
async function checkOf(version: unknown, classUid: string | undefined): Promise<RowCheck> {
  const wrong = [...versionProblems(version), ...(classUid === undefined ? [missing('class_uid')] : [])];
  if (wrong.length > 0) return () => wrong;
  const known = String(version);
  if (!Object.hasOwn(schemas, known)) return 'no tables';
  const ofClass = Object.entries(ocsfSchema(known).classes).find(([, { uid }]) => String(uid) === classUid);
  if (!ofClass) return () => [`class_uid: ${classUid} is no class of OCSF ${known}`];
  const validator = await validatorFor(known, ofClass[0]);
  return (row) => problemsOf(row, validator);
}

function versionProblems(version: unknown): readonly string[] {
  const path = 'metadata.version';
  if (version === undefined) return [missing(path)];
  if (typeof version !== 'string') return [`attribute_wrong_type ${path}: expected string_t`];
  if (isVersion(version)) return [];
  const shown = JSON.stringify(version.length > MOST_SHOWN ? `${version.slice(0, MOST_SHOWN)}...` : version);
  return [`version_invalid_format ${path}: ${shown} is not a semantic version`];
}

function missing(path: string): string {
  return `attribute_required_missing ${path}: required`;
}

function problemsOf(row: Row, validator: Validator): readonly string[] {
  return validator(row)
    .filter(({ level }) => level === 'error')
    .map(({ code, path, message }) => `${code} ${path.replaceAll(/\[\d+\]/g, '[]')}: ${message}`);
}
