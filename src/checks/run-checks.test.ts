// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Check, defineCheck, type Outcome } from './check.ts';
import { EXEMPTIONS } from './exemptions.ts';
import { moduleWith } from './module.fixture.ts';
import { resultCache } from './result-cache.ts';
import { runChecks } from './run-checks.ts';
import { lookAt } from './subject.ts';

const today = '2026-11-27';

function checkThat(code: string, outcome: Outcome | (() => Outcome), strict = false): Check {
  return defineCheck({
    code,
    item: 'files',
    title: code,
    level: 'error',
    why: 'Because.',
    fix: 'Mend it.',
    strict,
    run: () => (typeof outcome === 'function' ? outcome() : outcome),
  });
}

const followed = checkThat('T-001', { flaws: [], evidence: 'seen' });
const broken = checkThat('T-002', { flaws: [{ file: 'config.ts', line: 2, message: 'is bad' }], evidence: 'seen too' });
const unseen = checkThat('T-003', { notChecked: 'no tool' });

function exemptions(...entries: readonly object[]): Record<string, string> {
  return { [EXEMPTIONS]: JSON.stringify({ exemptions: entries }, null, 2) };
}

const reason = 'the source is a log file that has no such thing';

test('an item is as bad as its worst check, and findings have paths from the project', async () => {
  const subject = await moduleWith();
  const { items, findings } = await runChecks(subject, { checks: [followed, broken, unseen], today });

  expect(items).toEqual([
    {
      item: 'files',
      title: 'Required files present',
      state: 'error',
      evidence: ['seen', 'seen too', 'not checked: no tool'],
    },
  ]);
  expect(findings).toMatchObject([
    {
      code: 'T-002',
      level: 'error',
      subject: 'demo',
      place: { file: expect.stringMatching(/\/modules\/demo\/config\.ts$/), line: 2 },
    },
    { code: 'T-003', level: 'not-checked', message: 'no tool' },
  ]);
});

test('a check that breaks is not checked, and the others go on', async () => {
  const bug = checkThat('T-004', () => {
    throw new Error('first line\nsecond line');
  });
  const { findings } = await runChecks(await moduleWith(), { checks: [bug, broken], today });

  expect(findings.map(({ code, level, message }) => [code, level, message])).toEqual([
    ['T-004', 'not-checked', 'the check itself failed: first line'],
    ['T-002', 'error', 'is bad'],
  ]);
});

test('an exempted finding is shown with its reason and fails nothing', async () => {
  const subject = await moduleWith(exemptions({ code: 'T-002', reason, expires: '2026-11-27' }));
  const { items, findings, exempted } = await runChecks(subject, { checks: [followed, broken], today });

  expect(findings).toEqual([]);
  expect(exempted).toMatchObject([{ code: 'T-002', reason, expires: '2026-11-27' }]);
  expect(items[0]?.state).toBe('exempt');
});

test.each([
  ['has expired', { code: 'T-002', reason, expires: '2026-11-26' }, ['T-002', 'CHK-EXEMPT-002']],
  ['is not needed', { code: 'T-001', reason, expires: '2027-01-01' }, ['T-002', 'CHK-EXEMPT-003']],
  ['names no rule', { code: 'T-999', reason, expires: '2027-01-01' }, ['T-002', 'CHK-EXEMPT-004']],
  ['names a strict rule', { code: 'T-005', reason, expires: '2027-01-01' }, ['T-002', 'T-005', 'CHK-EXEMPT-004']],
  ['has no real reason', { code: 'T-002', reason: 'later', expires: '2027-01-01' }, ['T-002', 'CHK-EXEMPT-001']],
  ['has no day', { code: 'T-002', reason, expires: 'soon' }, ['T-002', 'CHK-EXEMPT-001']],
])('an exemption that %s is a finding, and exempts from nothing', async (_, entry, codes) => {
  const strict = checkThat(
    'T-005',
    entry.code === 'T-005' ? { flaws: [{ message: 'bad' }], evidence: '' } : { flaws: [], evidence: '' },
    true,
  );
  const subject = await moduleWith(exemptions(entry));
  const { findings } = await runChecks(subject, { checks: [followed, broken, strict], today });

  expect(findings.map(({ code }) => code)).toEqual(codes);
  expect(findings.at(-1)?.place?.line).toBeGreaterThan(1);
});

test('a file of exemptions that is no YAML is one finding with its place', async () => {
  const subject = await moduleWith({ [EXEMPTIONS]: 'exemptions:\n  - code: [\n' });
  const { findings } = await runChecks(subject, { checks: [followed], today });

  expect(findings).toMatchObject([{ code: 'CHK-EXEMPT-001', place: { line: 3 } }]);
});

test('progress names the checks that are still running, not the one begun last', async () => {
  let finish = (): void => {};
  const slow = {
    ...checkThat('T-008', { flaws: [], evidence: '' }),
    run: () =>
      new Promise<Outcome>((resolve) => {
        finish = () => resolve({ flaws: [], evidence: 'slow' });
      }),
  };
  const last = checkThat('T-009', () => {
    setTimeout(() => finish(), 10);
    return { flaws: [], evidence: '' };
  });
  const said: string[] = [];

  await runChecks(await moduleWith(), { checks: [slow, followed, last], today, say: (detail) => said.push(detail) });

  expect(said).toContain('T-008; T-009');
  expect(said.slice(-3)).toEqual(['T-008', '', '3 checks']);
});

test('what is known of the same content is not run again; a changed file, and what was not checked, are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slake-cache-'));
  const runs: string[] = [];
  const counting = checkThat('T-006', () => {
    runs.push('T-006');
    return { flaws: [], evidence: 'ran' };
  });
  const blind = checkThat('T-007', () => {
    runs.push('T-007');
    return { notChecked: 'no tool' };
  });
  const subject = await moduleWith();
  const run = async (framework: string) => {
    const now = await lookAt(subject);
    await runChecks(now, { checks: [counting, blind], today, cache: resultCache(folder, now, framework) });
    return runs.splice(0);
  };

  expect(await run('1')).toEqual(['T-006', 'T-007']);
  expect(await run('1')).toEqual(['T-007']);
  expect(await run('2')).toEqual(['T-006', 'T-007']);
  writeFileSync(join(subject.folder, 'README.md'), 'changed');
  expect(await run('2')).toEqual(['T-006', 'T-007']);
});
