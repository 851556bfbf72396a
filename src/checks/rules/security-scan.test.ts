// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { changed, moduleWith } from '../module.fixture.ts';
import { check } from './security-scan.ts';

const APP = 'src/lambda/processor/app.py';

test('a secret is named by kind and place and never shown; a dangerous call is named', async () => {
  const key = Array.from({ length: 16 }, (_, at) => 'QZ7RW3KX9VB2MJ5T'[(at * 7) % 16]).join('');
  const bad = changed(APP, 'logger = Logger()', `KEY = "AKIA${key}"\nlogger = Logger(eval(os.environ["LEVEL"]))`);
  const subject = await moduleWith(bad);
  // What git ignores is not scanned, and the fixture is among it.
  const root = mkdtempSync(join(tmpdir(), 'slake-scanned-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'demo');
  cpSync(subject.folder, folder, { recursive: true });
  const outcome = await check.run({ ...subject, root, folder });
  const flaws = 'flaws' in outcome ? outcome.flaws : [];
  const findings = flaws.map(({ file, line, message }) => `${file}:${line} ${message}`);

  expect(findings).toHaveLength(2);
  expect(findings.join('\n')).not.toContain(key);
  expect(findings).toContainEqual(expect.stringMatching(/^src\/lambda\/processor\/app\.py:9 .*AKIA/));
  expect(findings).toContainEqual(expect.stringMatching(/^src\/lambda\/processor\/app\.py:10 .*eval/));
});
