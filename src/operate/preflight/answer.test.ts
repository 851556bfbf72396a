// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { outcomeOfFindings, readAnswer, together } from './answer.ts';

const finding = (level: string, message = 'x') => ({ code: 'X-1', level, message });
const report = (...findings: object[]) => ({ report: { counts: {}, findings } });

describe('what a command answered', () => {
  test('is its JSON where it has run', () => {
    expect(readAnswer('audit', 1, '{"counts":{},"findings":[]}')).toEqual({ report: { counts: {}, findings: [] } });
  });

  test.each([
    ['a command that does not exist', 2, '{"error":{"message":"there is no command \\"audit\\""}}', 'no command'],
    ['no output', 0, '', 'gave no result (exit code 0)'],
    ['text that is no JSON', 0, 'all fine', 'gave no result'],
    ['a list', 0, '[]', 'gave no result'],
    ['an end by a signal', null, '', 'killed'],
    ['a result without findings and exit code 2', 2, '{"files":3}', 'could not run (exit code 2)'],
  ])('is not there for %s', (_what, code, stdout, reason) => {
    const answer = readAnswer('audit', code, stdout);

    expect(answer).toHaveProperty('notRun', expect.stringContaining(reason));
  });
});

describe('findings as the outcome of an item', () => {
  test.each([
    [[], 'ok', 'audit: nothing found'],
    [[finding('warning'), finding('advice')], 'ok', 'audit: no errors, 2 other'],
    [[finding('not-checked', 'no network')], 'not-checked', 'audit: 1 not checked: no network'],
    [[finding('not-checked'), finding('error', 'a hole')], 'failed', 'audit: 1 error: a hole'],
    [['a', 'b', 'c', 'd'].map((text) => finding('error', text)), 'failed', 'audit: 4 errors: a; b; c; ...'],
  ])('%j is %s', (findings, state, evidence) => {
    expect(outcomeOfFindings('audit', report(...findings))).toEqual({ state, evidence: [evidence] });
  });

  test('without findings nothing was checked, whatever the exit code said', () => {
    expect(outcomeOfFindings('audit', { report: {} }).state).toBe('not-checked');
    expect(outcomeOfFindings('audit', { notRun: 'no command' })).toEqual({
      state: 'not-checked',
      evidence: ['no command'],
    });
  });
});

test('several outcomes are as bad as the worst, with the evidence of all', () => {
  const ok = { state: 'ok', evidence: ['a'] } as const;
  const unchecked = { state: 'not-checked', evidence: ['b'] } as const;
  const failed = { state: 'failed', evidence: ['c'], fix: 'mend it' } as const;

  expect(together(ok, unchecked)).toEqual({ state: 'not-checked', evidence: ['a', 'b'] });
  expect(together(unchecked, failed, ok)).toEqual({ state: 'failed', evidence: ['b', 'c', 'a'], fix: 'mend it' });
});
