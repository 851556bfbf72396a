// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changed, findingsOf, goodModule, moduleWith } from '../module.fixture.ts';
import { check } from './headers.ts';

const bare = {
  ...changed('index.ts', '// Copyright the Slake authors\n// SPDX-License-Identifier: Apache-2.0\n', ''),
  'scripts/run.sh': '#!/bin/sh\necho\n',
};

test('source files without header are named', async () => {
  expect(await findingsOf(check, bare)).toEqual([
    'index.ts:1 has no copyright header',
    'scripts/run.sh:1 has no copyright header',
  ]);
});

test('configurations need none: they are copied to be filled in', async () => {
  const configurations = { 'test-config.yaml': 'integrations: {}\n', 'config.dev.yml': 'environment: dev\n' };

  expect(await findingsOf(check, { ...goodModule, ...configurations })).toEqual([]);
  expect(await findingsOf(check, { ...goodModule, 'configs.yaml': 'a: 1\n' })).toEqual([
    'configs.yaml:1 has no copyright header',
  ]);
});

test('they are mended, the first line of a script staying the first', async () => {
  const subject = await moduleWith(bare);

  expect(check.mend?.(subject)).toEqual(['index.ts', 'scripts/run.sh']);
  expect(readFileSync(join(subject.folder, 'index.ts'), 'utf8')).toBe(goodModule['index.ts']);
  expect(readFileSync(join(subject.folder, 'scripts/run.sh'), 'utf8')).toBe(
    '#!/bin/sh\n# Copyright the Slake authors\n# SPDX-License-Identifier: Apache-2.0\necho\n',
  );
});
