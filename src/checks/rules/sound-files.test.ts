// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { moduleWith } from '../module.fixture.ts';
import { lookAt } from '../subject.ts';
import { check } from './sound-files.ts';

test('links out of the folder, large files and what is no text are named; links inside are fine', async () => {
  const { folder, id, root, signal } = await moduleWith();
  mkdirSync(join(folder, 'docs'));
  symlinkSync('/etc/hostname', join(folder, 'docs', 'outside.md'));
  symlinkSync('../README.md', join(folder, 'docs', 'inside.md'));
  symlinkSync('nowhere', join(folder, 'docs', 'dangling.md'));
  writeFileSync(join(folder, 'docs', 'large.md'), 'x'.repeat(1024 * 1024 + 1));
  writeFileSync(join(folder, 'docs', 'latin.md'), Buffer.from([0x63, 0x61, 0x66, 0xe9]));
  writeFileSync(join(folder, 'docs', 'nul.py'), 'a\0b');

  const outcome = await check.run(await lookAt({ id, root, folder, signal }));

  expect('flaws' in outcome && outcome.flaws.map(({ file, message }) => `${file}: ${message}`)).toEqual([
    'docs/dangling.md: a symbolic link that does not lead into the module',
    'docs/large.md: 1024 KB, at most 1024 KB are expected',
    'docs/latin.md: is no UTF-8 text',
    'docs/nul.py: is no UTF-8 text',
    'docs/outside.md: a symbolic link that does not lead into the module',
  ]);
});
