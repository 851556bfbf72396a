// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Column } from '../../../ocsf/column.ts';
import { anyColumns, anyRow } from './columns.testing.ts';
import { write } from './reading.testing.ts';
import { shredderSource } from './shredder-source.ts';
import type { Shredder } from './writer.ts';

async function importSource(source: string): Promise<{ shred: Shredder }> {
  return import(`data:text/javascript,${encodeURIComponent(source)}`);
}

test('the generated module takes rows apart as the shredder compiled in process does', async () => {
  const files = anyColumns.chain((columns) =>
    fc.record({ columns: fc.constant(columns), rows: fc.array(anyRow(columns), { maxLength: 20 }) }),
  );
  await fc.assert(
    fc.asyncProperty(files, async ({ columns, rows }) => {
      const { shred } = await importSource(shredderSource(columns));
      expect(Buffer.compare(write({ columns }, rows, { shred }).bytes, write({ columns }, rows).bytes)).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test('the source is the same for the same columns and names nothing outside itself', () => {
  const columns: Column[] = [
    { kind: 'list', name: 'a', element: { kind: 'leaf', name: 'element', type: 'string' } },
    { kind: 'map', name: 'unmapped' },
  ];
  expect(shredderSource(columns)).toBe(shredderSource(structuredClone(columns)));
  expect(shredderSource(columns)).not.toMatch(/import|require/);
});

test('text in a name stays text', async () => {
  const name = `"]; throw new Error('ran'); // \n\u2028*/`;
  const columns: Column[] = [
    { kind: 'struct', name, fields: [{ kind: 'leaf', name, type: 'string' }] },
    { kind: 'list', name: `${name}2`, element: { kind: 'leaf', name: 'element', type: 'string' } },
  ];
  const { shred } = await importSource(shredderSource(columns));
  expect(write({ columns }, [{ [name]: { [name]: 'a' }, [`${name}2`]: ['b'] }], { shred }).rows).toBe(1);
});

test('a bundle of the writer cannot evaluate text, and stays small', async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./writer.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
  });
  const bundle = outputFiles[0]?.text ?? '';
  expect(bundle).toContain('PAR1');
  expect(bundle).not.toMatch(/\beval\b|Function\(/);
  expect(bundle.length).toBeLessThan(30_000);
});
