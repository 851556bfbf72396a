// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { Finding, Rule } from '../../findings/index.ts';
import { schemas } from '../../ocsf/generated/schemas.ts';
import type { Column } from '../../ocsf/index.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import { validatorFor } from '../../ocsf/validate.ts';
import { accountFolder, dayOf } from '../../pipeline/write/partition.ts';
import type { LakeObject } from './lake-object.ts';

/** A rule of Security Lake and how an object is held against it. */
export interface LakeRule extends Rule {
  /** What is wrong with the object, a text each; `notChecked` where the object does not tell. */
  readonly look: (object: LakeObject) => Verdict | Promise<Verdict>;
}

type Verdict = readonly string[] | { readonly notChecked: string };

const MOST_PAGE_BYTES = 1024 * 1024;
const MOST_GROUP_BYTES = 256 * 1024 * 1024;
const LATEST_MINOR = 3;

/** An object that cannot be read at all. */
export const unreadable: Rule = {
  code: 'LAKE-FILE-001',
  title: 'The object is a Parquet file that can be read',
  level: 'error',
  why: 'An object that no reader understands makes every query over its partition fail.',
  how: 'Magic numbers, footer and page headers are read.',
  fix: 'Write the object again from its raw object.',
};

export const lakeRules: readonly LakeRule[] = [
  {
    code: 'LAKE-FORMAT-001',
    title: 'The format version is 1 or 2',
    level: 'error',
    why: 'Security Lake reads versions 1.x and 2.x of Parquet.',
    fix: 'Write with version 1.0 or 2.x.',
    look: ({ facts }) => ([1, 2].includes(facts.formatVersion) ? [] : [`the format version is ${facts.formatVersion}`]),
  },
  {
    code: 'LAKE-PAGE-001',
    title: 'A data page has at most 1 MB, uncompressed',
    level: 'error',
    why: 'Readers hold a page in memory as a whole; Security Lake asks for at most 1 MB.',
    how: 'The header of every page.',
    fix: 'Lower the data page size of the writer; some count rows instead of bytes.',
    look({ facts }) {
      const large = facts.pages.filter(
        ({ kind, uncompressedBytes }) => kind === 'data' && uncompressedBytes > MOST_PAGE_BYTES,
      );
      const [worst] = large.toSorted((a, b) => b.uncompressedBytes - a.uncompressedBytes);
      return worst
        ? [
            `${large.length} of ${facts.pages.length} pages are larger, the largest has ${worst.uncompressedBytes} bytes (${worst.column})`,
          ]
        : [];
    },
  },
  {
    code: 'LAKE-GROUP-001',
    title: 'A row group has at most 256 MB, compressed',
    level: 'error',
    why: 'A query reads row groups side by side; Security Lake asks for at most 256 MB.',
    fix: 'Begin a new row group earlier.',
    look: ({ facts }) =>
      facts.rowGroups.flatMap(({ compressedBytes }, at) =>
        compressedBytes > MOST_GROUP_BYTES ? [`row group ${at} has ${compressedBytes} bytes`] : [],
      ),
  },
  {
    code: 'LAKE-CODEC-001',
    title: 'Columns are compressed with zstandard',
    level: 'warning',
    why: 'Security Lake prefers zstandard; other codecs cost more storage and more to read.',
    fix: 'Write with compression zstd.',
    look({ facts }) {
      const others = facts.codecs.filter((codec) => codec !== 'ZSTD');
      return others.length === 0 ? [] : [`columns are compressed with ${others.join(', ')}`];
    },
  },
  {
    code: 'LAKE-LIST-001',
    title: 'Repeated fields stand in a LIST or MAP of three levels',
    level: 'error',
    why: 'Athena and others refuse a repeated field outside of them, and with it the whole file.',
    how: 'The schema in the footer.',
    fix: 'Write lists as <name> (LIST) > repeated group list > element.',
    look: ({ facts }) => bareRepeated(facts.schema),
  },
  {
    code: 'LAKE-ORDER-001',
    title: 'Rows are ordered by time',
    level: 'error',
    why: 'Ordered rows let a query skip what lies outside of its span.',
    fix: 'Sort by time before writing.',
    look({ rows }) {
      const at = rows.findIndex((row, index) => index > 0 && Number(row.time) < Number(rows[index - 1]?.time));
      return at < 0 ? [] : [`row ${at} is earlier than the row before it`];
    },
  },
  {
    code: 'LAKE-CLASS-001',
    title: 'All rows are of one OCSF class',
    level: 'error',
    why: 'A custom source, and each of its objects, holds one class: its table has the columns of that class.',
    fix: 'Write each class to a source of its own.',
    look({ rows }) {
      const classes = [...new Set(rows.map(({ class_uid: uid }) => String(uid)))];
      return classes.length > 1 ? [`rows of the classes ${classes.join(', ')}`] : [];
    },
  },
  {
    code: 'LAKE-PATH-001',
    title: 'The path has region=, accountId= and eventDay=, written so',
    level: 'error',
    why: 'The partitions of the table are these; an object elsewhere is found by no query.',
    fix: 'Write below ext/<source>/region=<region>/accountId=<account>/eventDay=<YYYYMMDD>/.',
    look({ path }) {
      if (path.folders.length === 0) return { notChecked: 'the path holds no partition' };
      const wanted = ['region', 'accountId', 'eventDay'];
      const names = path.folders.map((folder) => folder.split('=')[0]);
      if (names.join() !== wanted.join()) return [`the folders are ${path.folders.join('/')}`];
      return /^\d{8}$/.test(path.eventDay ?? '') ? [] : [`eventDay is ${path.eventDay}, not YYYYMMDD`];
    },
  },
  {
    code: 'LAKE-PATH-002',
    title: 'eventDay is the UTC day of every row',
    level: 'error',
    why: 'A query for a day reads the partition of that day and no other.',
    how: 'time of each row against the folder.',
    fix: 'Partition by the time of the event, not by the time of writing.',
    look: ({ path: { eventDay }, rows }) =>
      eventDay === undefined
        ? { notChecked: 'the path holds no eventDay' }
        : others(rows, ({ time }) => dayOf(Number(time)), eventDay, 'are of'),
  },
  {
    code: 'LAKE-PATH-003',
    title: 'accountId is the account of every row',
    level: 'error',
    why: 'Access to a lake can be given by account: a row in another partition is seen by the wrong people.',
    how: 'cloud.account.uid of each row against the folder; accounts outside of AWS are external_<id>.',
    fix: 'Partition by the account of the event.',
    look: ({ path: { accountId }, rows }) =>
      accountId === undefined
        ? { notChecked: 'the path holds no accountId' }
        : others(
            rows,
            ({ cloud }) => accountFolder((cloud as { account?: { uid?: unknown } } | undefined)?.account?.uid),
            accountId,
            'belong to',
          ),
  },
  {
    code: 'LAKE-COLUMNS-001',
    title: 'The columns are those of the source',
    level: 'error',
    why: 'A table has the columns of its first objects; new ones are seen only after the crawler has run again.',
    how: 'The columns in the footer against those that follow from the mappings of the module.',
    fix: 'Deploy the version of the module that wrote the object, or write it again from its raw object.',
    look({ columns, facts }) {
      if (!columns) return { notChecked: 'the source is not one of a module here' };
      const wanted = new Set(columns.flatMap((column) => leafNames(column)));
      const found = new Set(leavesOfSchema(facts.schema));
      const missing = [...wanted].filter((name) => !found.has(name));
      const further = [...found].filter((name) => !wanted.has(name));
      return [
        ...(missing.length > 0 ? [`${missing.length} columns are missing: ${shortList(missing)}`] : []),
        ...(further.length > 0 ? [`${further.length} columns are not of the source: ${shortList(further)}`] : []),
      ];
    },
  },
  {
    code: 'LAKE-OCSF-001',
    title: 'Every row is a valid OCSF event',
    level: 'error',
    why: 'A rule that looks for an attribute finds nothing where it has another name or type.',
    how: 'Each row against its class in the version that it names, with the codes of the OCSF server.',
    fix: 'Correct the mapping; "npm run test-mapping" shows what it makes of a sample.',
    look: ({ rows }) => invalidRows(rows),
  },
  {
    code: 'LAKE-OCSF-002',
    title: `The OCSF version is 1.${LATEST_MINOR} or earlier`,
    level: 'error',
    why: `Security Lake takes custom sources of OCSF 1.${LATEST_MINOR} and earlier.`,
    fix: 'Write the events in an earlier version.',
    look({ rows }) {
      const versions = [
        ...new Set(rows.map((row) => String((row.metadata as { version?: unknown } | undefined)?.version))),
      ];
      return versions
        .filter((version) => {
          const [major = 0, minor = 0] = version.split('.').map(Number);
          return !(major < 1 || (major === 1 && minor <= LATEST_MINOR));
        })
        .map((version) => `rows of version ${version}`);
    },
  },
];

/** Holds an object against every rule. */
export async function judge(object: LakeObject): Promise<Finding[]> {
  const findings: Finding[] = [];
  const place = { file: object.name };
  for (const { code, level, look } of lakeRules) {
    const verdict = await look(object);
    if ('notChecked' in verdict) findings.push({ code, level: 'not-checked', message: verdict.notChecked, place });
    else for (const message of verdict) findings.push({ code, level, message, place });
  }
  return findings;
}

function others(
  rows: readonly Record<string, unknown>[],
  of: (row: Record<string, unknown>) => string,
  expected: string,
  verb: string,
): string[] {
  const wrong = rows.map(of).filter((value) => value !== expected);
  return wrong.length === 0 ? [] : [`${wrong.length} of ${rows.length} rows ${verb} ${shortList([...new Set(wrong)])}`];
}

async function invalidRows(rows: readonly Record<string, unknown>[]): Promise<string[]> {
  const problems = new Map<string, number>();
  for (const row of rows) {
    for (const problem of await problemsOf(row)) problems.set(problem, (problems.get(problem) ?? 0) + 1);
  }
  return [...problems].map(([problem, count]) => `${problem} (${count} of ${rows.length} rows)`);
}

async function problemsOf(row: Record<string, unknown>): Promise<readonly string[]> {
  const version = String((row.metadata as { version?: unknown } | undefined)?.version);
  if (!Object.hasOwn(schemas, version)) return [`metadata.version: ${version} has no tables here`];
  const [className] = Object.entries(ocsfSchema(version).classes).find(([, { uid }]) => uid === row.class_uid) ?? [];
  if (!className) return [`class_uid: ${row.class_uid} is no class of OCSF ${version}`];
  const validate = await validatorFor(version, className);
  return validate(row)
    .filter(({ level }) => level === 'error')
    .map(({ code, path, message }) => `${code} ${path.replaceAll(/\[\d+\]/g, '[]')}: ${message}`);
}

type Schema = LakeObject['facts']['schema'];

/** The schema elements as a tree: each with its children and its path. */
function walkSchema(
  schema: Schema,
  see: (element: Schema[number], path: readonly string[], ancestors: readonly Schema[number][]) => void,
): void {
  let at = 0;
  function walk(path: readonly string[], ancestors: readonly Schema[number][]): void {
    const element = schema[at] as Schema[number];
    const own = at === 0 ? [] : [...path, element.name];
    at += 1;
    if (own.length > 0) see(element, own, ancestors);
    for (let child = 0; child < (element.num_children ?? 0); child += 1) walk(own, [...ancestors, element]);
  }
  walk([], []);
}

function bareRepeated(schema: Schema): string[] {
  const found: string[] = [];
  walkSchema(schema, (element, path, ancestors) => {
    if (element.repetition_type !== 'REPEATED') return;
    const parent = ancestors.at(-1);
    const type = parent?.converted_type ?? parent?.logical_type?.type;
    const inGroup = type === 'LIST' || type === 'MAP' || type === 'MAP_KEY_VALUE';
    if (!inGroup) found.push(`${path.join('.')} is repeated outside of a LIST or MAP`);
    else if ((element.num_children ?? 0) === 0) found.push(`${path.join('.')} is a list of two levels`);
  });
  return found;
}

function leavesOfSchema(schema: Schema): string[] {
  const found: string[] = [];
  walkSchema(schema, (element, path) => {
    if ((element.num_children ?? 0) === 0) found.push(path.join('.'));
  });
  return found;
}

/** Names of a column's leaves as they stand in a file: lists and maps with their inner levels. */
function leafNames(column: Column, prefix = ''): string[] {
  const path = prefix === '' ? column.name : `${prefix}.${column.name}`;
  switch (column.kind) {
    case 'leaf':
      return [path];
    case 'map':
      return [`${path}.key_value.key`, `${path}.key_value.value`];
    case 'list':
      return leafNames({ ...column.element, name: 'element' }, `${path}.list`);
    case 'struct':
      return column.fields.flatMap((field) => leafNames(field, path));
  }
}

function shortList(values: readonly string[], most = 3): string {
  const rest = values.length - most;
  return `${values.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
