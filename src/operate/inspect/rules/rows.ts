// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../../errors/counted.ts';
import { schemas } from '../../../ocsf/generated/schemas.ts';
import { isTaken, LATEST_MINOR } from '../ocsf-version.ts';
import type { RowFacts } from '../row-facts.ts';
import { grouped, type LakeRule, shortList, verdict, withoutTimeText } from '../rule.ts';

const NO_CLASS = 'no row has a class_uid';

/** What Security Lake asks of the rows of an object. */
export const rowRules: readonly LakeRule[] = [
  {
    code: 'LAKE-ROWS-001',
    title: 'The object holds rows',
    level: 'warning',
    why: 'An object without rows is listed and opened by every query over its partition, for nothing.',
    how: 'The number of rows.',
    fix: 'Write no object where there is no event.',
    look: ({ rows }) => (rows.count === 0 ? ['there is no row'] : []),
  },
  {
    code: 'LAKE-ORDER-001',
    title: 'Rows are ordered by time',
    level: 'error',
    why: 'Ordered rows let a query skip what lies outside of its span.',
    how: 'time of each row against that of the row before it.',
    fix: 'Sort by time before writing.',
    look({ rows }) {
      const { count, first } = rows.outOfOrder;
      const [are, they] = count === 1 ? ['is', 'it'] : ['are', 'them'];
      const text = `${grouped(count)} of ${counted(rows.count, 'row')} ${are} earlier than the row before ${they}, first row ${first}`;
      return verdict(count === 0 ? [] : [text], withoutTimeText(rows));
    },
  },
  {
    code: 'LAKE-CLASS-001',
    title: 'All rows are of one OCSF class',
    level: 'error',
    why: 'A custom source, and each of its objects, holds one class: its table has the columns of that class.',
    how: 'class_uid of each row.',
    fix: 'Write each class to a source of its own.',
    look({ rows: { count, classes } }) {
      if (count > 0 && classes.size === 0) return { notChecked: NO_CLASS };
      return classes.size > 1 ? [`rows of the classes ${shortList([...classes.keys()].toSorted(), 10)}`] : [];
    },
  },
  {
    code: 'LAKE-CLASS-002',
    title: 'The class of the rows is that of the source',
    level: 'error',
    why: 'A source is registered with one class; rows of another one are looked for elsewhere.',
    how: 'class_uid of each row against the class of the source.',
    fix: 'Write to the source that is registered with the class of the rows.',
    look({ rows: { count, classes }, source }) {
      if (!source) return { notChecked: 'the source is not one of a module here' };
      if (count > 0 && classes.size === 0) return { notChecked: NO_CLASS };
      const wrong = [...classes.keys()].filter((uid) => uid !== String(source.classUid));
      return wrong.length === 0
        ? []
        : [`rows of class ${shortList(wrong)}; ${source.name} has ${source.classUid} (${source.className})`];
    },
  },
  {
    code: 'LAKE-OCSF-001',
    title: 'Every row is a valid OCSF event',
    level: 'error',
    why: 'A rule that looks for an attribute finds nothing where it has another name or type.',
    how: 'Each row against its class in the version that it names, with the codes of the OCSF server; not checked where there are no tables of that version here.',
    fix: 'Correct the mapping; "npm run test-mapping" shows what it makes of a sample.',
    look({ rows }) {
      const found = rows.problems.map(
        ({ text, count, first }) => `${text} (${grouped(count)} of ${counted(rows.count, 'row')}, first row ${first})`,
      );
      return verdict(found, rows.withoutTables.size === 0 ? undefined : noTables(rows));
    },
  },
  {
    code: 'LAKE-OCSF-002',
    title: `The OCSF version is 1.${LATEST_MINOR} or earlier`,
    level: 'error',
    why: `Security Lake takes custom sources of OCSF 1.${LATEST_MINOR} and earlier.`,
    how: 'metadata.version of each row.',
    fix: 'Write the events in an earlier version.',
    look: ({ rows: { versions } }) =>
      [...versions.keys()].filter((version) => !isTaken(version)).map((version) => `rows of version ${version}`),
  },
];

function noTables({ count, withoutTables }: RowFacts): string {
  const rows = [...withoutTables.values()].reduce((sum, each) => sum + each, 0);
  const versions = shortList([...withoutTables.keys()]);
  const known = Object.keys(schemas).join(', ');
  return `${grouped(rows)} of ${counted(count, 'row')} ${rows === 1 ? 'is' : 'are'} of version ${versions}; there are tables of ${known}`;
}
