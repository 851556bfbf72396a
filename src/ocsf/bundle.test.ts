// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

async function bundle(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

test('what a mapping imports brings no tables along', async () => {
  const text = await bundle(`export { DEFAULT_OCSF_VERSION } from '${join(import.meta.dirname, 'index.ts')}';`);

  expect(text.length).toBeLessThan(500);
});

test('a validator is bundled with what it uses, without the other classes', async () => {
  const text = await bundle(`export { validateDnsActivity } from './generated/1.3.0/validators.ts';`);

  expect(text).toContain('function validateDnsActivity');
  expect(text).toContain('function checkDnsQuery');
  expect(text).not.toContain('validateDetectionFinding');
  expect(text).not.toContain('checkDatabucket');
  expect(text.length).toBeLessThan(300_000);
});
