// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { emptyBaseline, withSecrets } from './baseline.ts';
import { randomText } from './evaluation.fixture.ts';
import { describe as describeSecret, scanSecrets } from './scan-secrets.ts';

const random = randomText(11);
const token = `ghp_${random.alnum(36)}`;
const password = `Wn${random.alnum(8)}!7`;
const ALLOW = 'slake-allow-secret';

function source(text: string, file = 'a.py') {
  return { file, text, findings: [] };
}

async function codesOf(text: string): Promise<string[]> {
  const { findings } = await scanSecrets([source(text)], emptyBaseline());
  return findings.map(({ code, place }) => `${code}:${place?.line}`);
}

test('a finding tells kind, place, first characters, length and how to rotate, never the value', async () => {
  const { findings } = await scanSecrets([source(`x = 1\nTOKEN = "${token}"\n`)], emptyBaseline());

  expect(findings).toMatchObject([
    { code: 'SECRET-GITHUB-TOKEN', level: 'error', place: { file: 'a.py', line: 2, column: 10 } },
  ]);
  expect(findings[0]?.message).toBe('GitHub token: begins with "ghp_", 40 characters');
  expect(findings[0]?.fix).toContain('Revoke');
  expect(JSON.stringify(findings)).not.toContain(token.slice(0, 6));
});

test('of a short value fewer characters are shown', () => {
  expect(describeSecret(`ab${'c'.repeat(5)}`)).toBe('begins with "ab", 7 characters');
});

test('a comment with a reason lets its line pass, on a line of its own the next one', async () => {
  expect(await codesOf(`T = "${token}"  # ${ALLOW}: revoked in 2024\n`)).toEqual([]);
  expect(await codesOf(`# ${ALLOW}: revoked in 2024\nT = "${token}"\n`)).toEqual([]);
  expect(await codesOf(`<!-- ${ALLOW}: revoked in 2024 -->\n${token}\n`)).toEqual([]);
  expect(await codesOf(`# ${ALLOW}: revoked in 2024\n\nT = "${token}"\n`)).toEqual([
    'SECRET-GITHUB-TOKEN:3',
    'SECRET-ALLOW-UNUSED:1',
  ]);
});

test('without a reason nothing passes', async () => {
  expect(await codesOf(`T = "${token}"  # ${ALLOW}\n`)).toEqual(['SECRET-GITHUB-TOKEN:1', 'SECRET-ALLOW-REASON:1']);
});

test('a baseline lets known values pass in their file, holds none of them, and is told where it is stale', async () => {
  const sources = [source(`T = "${token}"\nDB_PASSWORD = "${password}"\n`)];
  const { subjects } = await scanSecrets(sources, emptyBaseline());
  const baseline = withSecrets(emptyBaseline(), subjects, 'test tenant');

  expect(baseline.secrets).toHaveLength(2);
  expect(JSON.stringify(baseline)).not.toContain(token.slice(4, 12));
  expect(await scanSecrets(sources, baseline)).toMatchObject({ findings: [], known: 2 });

  const other = await scanSecrets([source(`T = "ghp_${random.alnum(36)}"\n`)], baseline);
  expect(other.findings.map(({ code }) => code)).toEqual([
    'SECRET-GITHUB-TOKEN',
    'SECRET-BASELINE-STALE',
    'SECRET-BASELINE-STALE',
  ]);
  const elsewhere = await scanSecrets([source(`T = "${token}"\n`, 'b.py')], baseline);
  expect(elsewhere.findings.map(({ code }) => code)).toEqual(['SECRET-GITHUB-TOKEN']);
});

test('the same value has another hash in another baseline, and reasons that were given stay', () => {
  const subject = { file: 'a', code: 'SECRET-GENERIC', value: token };
  const first = withSecrets(emptyBaseline(), [subject], 'first reason');
  const second = withSecrets(emptyBaseline(), [subject], 'first reason');

  expect(first.secrets[0]?.hash).not.toBe(second.secrets[0]?.hash);
  expect(withSecrets(first, [subject], 'second reason')).toEqual(first);
  expect(withSecrets(first, [], 'x').secrets).toEqual([]);
  expect(withSecrets(first, [], 'x', () => true)).toEqual(first);
});
