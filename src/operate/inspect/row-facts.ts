// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { schemas } from '../../ocsf/generated/schemas.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import { type Validator, validatorFor } from '../../ocsf/validate.ts';
import { accountFolder, dayOf } from '../../pipeline/write/partition.ts';
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
  readonly classes: ReadonlyMap<string, number>;
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
}

/** The furthest time that JavaScript, and so `dayOf`, knows. */
const LAST_MS = 8.64e15;
/** Kinds of problems that are told apart in one object. */
const MOST_PROBLEMS = 200;

/** Goes through all rows once. */
export async function gatherRows(batches: AsyncIterable<readonly Row[]>): Promise<RowFacts> {
  const [classes, versions, days, accounts] = [counter(), counter(), counter(), counter()];
  const problems = new Map<string, { count: number; first: number }>();
  const validators = new Map<string, Validator | string>();
  const outOfOrder = { count: 0, first: -1 };
  let [count, withoutTime] = [0, 0];
  let before = Number.NEGATIVE_INFINITY;

  for await (const rows of batches) {
    for (const row of rows) {
      const version = String((row.metadata as { version?: unknown } | undefined)?.version);
      const uid = String(row.class_uid);
      add(classes, uid);
      add(versions, version);
      add(accounts, accountFolder((row.cloud as { account?: { uid?: unknown } } | undefined)?.account?.uid));
      const { time } = row;
      if (typeof time === 'number' && Number.isInteger(time) && Math.abs(time) <= LAST_MS) {
        add(days, dayOf(time));
        if (time < before) {
          if (outOfOrder.count === 0) outOfOrder.first = count;
          outOfOrder.count += 1;
        }
        before = time;
      } else withoutTime += 1;
      const key = `${version} ${uid}`;
      const validator = validators.get(key) ?? (await validatorOf(version, uid));
      validators.set(key, validator);
      for (const problem of new Set(problemsOf(row, validator))) {
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
  };
}

function counter(): Map<string, number> {
  return new Map();
}

function add(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** The validator of a class in a version, or why there is none. */
async function validatorOf(version: string, classUid: string): Promise<Validator | string> {
  if (!Object.hasOwn(schemas, version)) {
    return `metadata.version: "${version}" has no tables here (has ${Object.keys(schemas).join(', ')})`;
  }
  const [className] = Object.entries(ocsfSchema(version).classes).find(([, { uid }]) => String(uid) === classUid) ?? [];
  return className ? validatorFor(version, className) : `class_uid: ${classUid} is no class of OCSF ${version}`;
}

function problemsOf(row: Row, validator: Validator | string): readonly string[] {
  if (typeof validator === 'string') return [validator];
  return validator(row)
    .filter(({ level }) => level === 'error')
    .map(({ code, path, message }) => `${code} ${path.replaceAll(/\[\d+\]/g, '[]')}: ${message}`);
}
