// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { specimens } from './evaluation.fixture.ts';
import { findSecrets } from './find-secrets.ts';
import { forms, harmless } from './forms.fixture.ts';
import { secretKinds } from './kinds.ts';

const kinds = await secretKinds();
const SEEDS = [1, 2];

async function missed(all: Iterable<{ codes: readonly string[]; label: string; file: string; text: string }>) {
  const tallies = new Map<string, { total: number; found: number }>();
  const wrong: string[] = [];
  for (const { codes, label, file, text } of all) {
    const found = await findSecrets(file, text, kinds);
    const tally = tallies.get(codes[0] ?? '') ?? { total: 0, found: 0 };
    const hit = found.some(({ kind }) => codes.includes(kind.code));
    tallies.set(codes[0] ?? '', { total: tally.total + 1, found: tally.found + (hit ? 1 : 0) });
    if (!hit) wrong.push(`${label}: ${found.map(({ kind }) => kind.code).join(', ') || 'nothing'}`);
  }
  const recall = [...tallies].map(([code, { total, found }]) => ({ code, recall: found / total }));
  return { wrong, recall };
}

describe('recall', () => {
  test.each(SEEDS)('every kind is found in every usual place under its own name (seed %i)', async (seed) => {
    const { wrong, recall } = await missed(specimens(seed));

    expect(wrong.slice(0, 20)).toEqual([]);
    expect(recall.length).toBeGreaterThan(20);
    for (const one of recall) expect(one.recall, one.code).toBeGreaterThanOrEqual(0.95);
  });

  test.each(SEEDS)('each kind is found in the commands, calls and files of its own (seed %i)', async (seed) => {
    expect((await missed(forms(seed))).wrong).toEqual([]);
  });
});

describe('precision', () => {
  test.each([...SEEDS, 3, 4, 5])('nothing is found in what only looks like a secret (seed %i)', async (seed) => {
    const alarms = [];
    for (const { label, file, text } of harmless(seed)) {
      for (const { kind, value } of await findSecrets(file, text, kinds))
        alarms.push(`${label}: ${kind.code} ${value}`);
    }
    expect(alarms).toEqual([]);
  });
});

test('kinds have codes of their own, and say why they matter and how to rotate them', () => {
  expect(new Set(kinds.map(({ code }) => code)).size).toBe(kinds.length);
  for (const { code, why, rotate, patterns } of kinds) {
    expect(code).toMatch(/^SECRET-[A-Z]+(-[A-Z]+)*$/);
    expect(Math.min(why.length, rotate.length)).toBeGreaterThan(20);
    for (const { expression } of patterns) expect(expression.flags).toContain('g');
  }
});

test('a secret is placed where it stands, also where it is split or encoded', async () => {
  const [value = ''] = [...specimens(7)]
    .filter(({ label }) => label === 'GitHub ghp in TypeScript annotated')
    .map((s) => s.text);
  const token = /ghp_\w+/.exec(value)?.[0] ?? '';
  const texts = [
    `// line 1\nconst a = '${token}';\n`,
    `// line 1\nconst a = '${token.slice(0, 12)}' + '${token.slice(12)}';\n`,
    `# line 1\na = "${Buffer.from(`x=${token}`).toString('base64')}"\n`,
  ];
  for (const text of texts) {
    const found = await findSecrets('a.ts', text, kinds);
    expect(found.map(({ kind, value: secret }) => [kind.code, secret])).toEqual([['SECRET-GITHUB-TOKEN', token]]);
    expect(text.slice(0, found[0]?.start).split('\n')).toHaveLength(2);
  }
});

test('any text is scanned to its end', async () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'password=',
      '"',
      "'",
      '+',
      '\\',
      '%41',
      'AKIA',
      'sig=',
      '-----BEGIN ',
      '${',
      '\n',
      '\u0000',
      'eyJ',
      '&amp;',
    ),
    fc.base64String(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const text = pieces.join('');
      for (const { start, end } of await findSecrets('a.ts', text, kinds)) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 150 },
  );
});

test.each(['a', 'A1', '"a"+', "'a',", 'password=', '-', '%41', '\\"', 'x="', 'token:\n', '$'.concat('{a}'), '`'])(
  'a long text of %j alone is scanned to its end',
  async (piece) => {
    await expect(findSecrets('a.ts', piece.repeat(Math.ceil(200_000 / piece.length)), kinds)).resolves.toBeDefined();
  },
);
