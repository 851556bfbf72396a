// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { regions } from '../../../config/regions.ts';
import { counted } from '../../../errors/counted.ts';
import { accountFolder } from '../../../pipeline/write/partition.ts';
import { grouped, type LakeRule, shortList, verdict, withoutTimeText } from '../rule.ts';

const EXTERNAL = 'external';
const PARTITIONS = ['region', 'accountId', 'eventDay'] as const;

/** What Security Lake asks of the place of an object, and whether its rows belong there. */
export const pathRules: readonly LakeRule[] = [
  {
    code: 'LAKE-PATH-001',
    title: 'The path has region=, accountId= and eventDay=, written so',
    level: 'error',
    why: 'The partitions of the table are these; an object elsewhere is found by no query.',
    how: 'The folders of the path.',
    fix: 'Write below ext/<source>/region=<region>/accountId=<account>/eventDay=<YYYYMMDD>/.',
    look({ path }) {
      if (path.folders.length === 0) return { notChecked: 'the path holds no partition' };
      const names = path.folders.map((folder) => folder.split('=')[0]);
      if (names.join() !== PARTITIONS.join()) return [`the folders are ${path.folders.join('/')}`];
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
    look({ path: { eventDay }, rows }) {
      if (eventDay === undefined) return { notChecked: 'the path holds no eventDay' };
      if (!/^\d{8}$/.test(eventDay)) return { notChecked: `eventDay=${eventDay} is no day` };
      return verdict(
        others(rows.days, (day) => day === eventDay, rows.count, 'of'),
        withoutTimeText(rows),
      );
    },
  },
  {
    code: 'LAKE-PATH-003',
    title: 'accountId is the account of every row',
    level: 'error',
    why: 'Access to a lake can be given by account: a row in another partition is seen by the wrong people.',
    how: 'cloud.account.uid of each row against the folder; accounts outside of AWS are external or external_<id>.',
    fix: 'Partition by the account of the event.',
    look: ({ path: { accountId }, rows }) =>
      accountId === undefined
        ? { notChecked: 'the path holds no accountId' }
        : others(rows.accounts, (account) => belongsTo(account, accountId), rows.count, 'of account'),
  },
  {
    code: 'LAKE-PATH-004',
    title: 'region is the AWS Region of the lake',
    level: 'error',
    why: 'The region of a foreign cloud belongs into cloud.region; the folder names the lake that holds the object.',
    how: 'The folder against the list of AWS Regions, and against the Region in the name of the bucket.',
    fix: 'Write below region=<AWS Region of the lake>.',
    look({ path: { region, bucketRegion } }) {
      if (region === undefined) return { notChecked: 'the path holds no region' };
      if (!(regions as readonly string[]).includes(region)) return [`${region} is no AWS Region`];
      return bucketRegion === undefined || bucketRegion === region
        ? []
        : [`region is ${region}, the bucket lies in ${bucketRegion}`];
    },
  },
];

/** Whether rows of an account, named as this project names its folder, may lie in a folder of any writer. */
function belongsTo(account: string, folder: string): boolean {
  if (account === folder) return true;
  if (!account.startsWith(EXTERNAL)) return false;
  return folder === EXTERNAL || (folder.startsWith(`${EXTERNAL}_`) && account === externalFolder(folder));
}

/** Writers differ in the characters of a foreign id that they replace. */
function externalFolder(folder: string): string {
  return accountFolder(folder.slice(EXTERNAL.length + 1));
}

function others(
  counts: ReadonlyMap<string, number>,
  isRight: (value: string) => boolean,
  all: number,
  of: string,
): string[] {
  const wrong = [...counts].filter(([value]) => !isRight(value));
  if (wrong.length === 0) return [];
  const rows = wrong.reduce((sum, [, count]) => sum + count, 0);
  const values = shortList(wrong.map(([value]) => value));
  return [`${grouped(rows)} of ${counted(all, 'row')} ${rows === 1 ? 'is' : 'are'} ${of} ${values}`];
}
