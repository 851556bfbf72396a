// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { slake } from '../run.fixture.ts';

test('a folder is inspected file by file; what does not conform gives exit code 1', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slake-inspect-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a.parquet'), 'nothing of the kind');

  const { code, stdout } = await slake(['inspect', '.', '--json'], { callerFolder: folder });

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    counts: { error: 1 },
    findings: [{ code: 'LAKE-FILE-001', place: { file: 'a.parquet' } }],
  });
});

test.each([[['inspect']], [['inspect', 'no-such-folder']]])('%j could not run', async (line) => {
  const { code, stderr } = await slake(line);

  expect(code).toBe(2);
  expect(stderr).toMatch(/SLK-(CLI-002|OPERATE-001)/);
});
