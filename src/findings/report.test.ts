// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Finding, Rule } from './finding.ts';
import { githubLines, reportObject, sarifObject, summaryText, textLines } from './report.ts';

const plain = { bold: same, dim: same, red: same, yellow: same };
const rules: Rule[] = [
  { code: 'DEMO-001', title: 'It holds', level: 'error', why: 'Because.', fix: 'Mend it.' },
  { code: 'DEMO-002', title: 'It can be looked at', level: 'warning', why: 'Because.', fix: 'Install the tool.' },
];
const findings: Finding[] = [
  { code: 'DEMO-002', level: 'not-checked', message: 'no Python', subject: 'okta' },
  { code: 'DEMO-001', level: 'error', message: '50 % wrong,\nreally', place: { file: 'a:b.ts', line: 7, column: 3 } },
  { code: 'DEMO-001', level: 'warning', message: 'earlier', place: { file: 'a:b.ts', line: 2 }, fix: 'Mend\nline 2.' },
];
const report = { tool: 'demo', rules, findings };

function same(text: string): string {
  return text;
}

test('a person reads the findings in the order of the file, each with its place and what to do', () => {
  expect(textLines(report, plain)).toEqual([
    'warning      DEMO-001  earlier',
    '  a:b.ts:2',
    '  fix: Mend',
    '       line 2.',
    'error        DEMO-001  50 % wrong,\nreally',
    '  a:b.ts:7:3',
    '  fix: Mend it.',
    'not-checked  DEMO-002  no Python',
    '  okta',
    '  fix: Install the tool.',
  ]);
  expect(summaryText(findings)).toBe('1 error, 1 warning, 1 not checked');
  expect(summaryText([])).toBe('nothing found');
});

test('JSON carries counts and advice', () => {
  expect(reportObject(report)).toMatchObject({
    tool: 'demo',
    counts: { error: 1, warning: 1, advice: 0, 'not-checked': 1 },
    findings: [{ fix: 'Mend\nline 2.' }, { fix: 'Mend it.' }, { subject: 'okta' }],
  });
});

test('SARIF has results with regions, and what was not checked as a notification', () => {
  expect(sarifObject(report)).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'slake demo', rules: [{ id: 'DEMO-001' }, { id: 'DEMO-002' }] } },
        invocations: [{ toolExecutionNotifications: [{ descriptor: { id: 'DEMO-002' } }] }],
        results: [
          { ruleId: 'DEMO-001', level: 'warning', locations: [{ physicalLocation: { region: { startLine: 2 } } }] },
          { ruleId: 'DEMO-001', level: 'error' },
        ],
      },
    ],
  });
});

test('GitHub gets one escaped workflow command a finding', () => {
  expect(githubLines(report)).toEqual([
    '::warning file=a%3Ab.ts,line=2,title=DEMO-001::earlier%0AMend%0Aline 2.',
    '::error file=a%3Ab.ts,line=7,col=3,title=DEMO-001::50 %25 wrong,%0Areally%0AMend it.',
    '::warning title=DEMO-002 not checked::no Python%0AInstall the tool.',
  ]);
});
