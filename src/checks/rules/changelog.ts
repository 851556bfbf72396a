// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import { defineCheck, doesNotLoad, type Flaw } from '../check.ts';

const FILE = 'CHANGELOG.md';
const ENTRY = /^##\s+\[?v?(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)\]?/;

export const check = defineCheck({
  code: 'CHK-CHANGELOG-001',
  item: 'changelog',
  title: 'The newest entry of the changelog is the version of the module',
  level: 'error',
  why: 'Whoever sees a version deployed must find what is in it.',
  how: 'The first "## <version>" of CHANGELOG.md is compared with moduleVersion; entries go from newest to oldest.',
  fix: 'Add an entry for the version, with what changed for its users, or correct the version of the module.',
  run({ text, loaded }) {
    const changelog = text(FILE);
    if (changelog === undefined) return { notChecked: `${FILE} is missing or no text` };
    const lines = changelog.split('\n');
    const entries = lines.flatMap((line, at) => {
      const version = ENTRY.exec(line)?.[1];
      return version ? [{ version, at }] : [];
    });
    const [newest] = entries;
    if (!newest) return { flaws: [{ file: FILE, message: 'has no entry "## <version>"' }], evidence: 'no entry' };
    if (!loaded) return doesNotLoad;
    const flaws: Flaw[] = [];
    const { moduleVersion } = loaded.module;
    if (newest.version !== moduleVersion) {
      const message = `the newest entry is ${newest.version}, the module is ${moduleVersion}`;
      flaws.push({ file: FILE, line: newest.at + 1, column: 1, message });
    }
    for (const [index, { version, at }] of entries.entries()) {
      const older = entries[index + 1];
      const body = lines.slice(at + 1, older?.at).filter((line) => /\w/.test(line) && !line.startsWith('#'));
      const place = { file: FILE, line: at + 1, column: 1 };
      if (body.length === 0) flaws.push({ ...place, message: `the entry ${version} says nothing` });
      if (older && compare(version, older.version) <= 0) {
        flaws.push({ ...place, message: `${version} stands above ${older.version}, which is not older` });
      }
    }
    return { flaws, evidence: `${counted(entries.length, 'entry', 'entries')}, newest ${newest.version}` };
  },
});

/** Negative where `a` is the older version; versions before a release are older than it. */
function compare(a: string, b: string): number {
  const [coreA = '', ...preA] = (a.split('+')[0] ?? '').split('-');
  const [coreB = '', ...preB] = (b.split('+')[0] ?? '').split('-');
  const numbers = (text: string) => text.split('.').map(Number);
  const [left, right] = [numbers(coreA), numbers(coreB)];
  for (const at of [0, 1, 2]) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (preA.length === 0 || preB.length === 0) return preB.length - preA.length;
  return preA.join('-').localeCompare(preB.join('-'), 'en', { numeric: true });
}
