// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { findingsOf, goodModule } from '../module.fixture.ts';
import { check } from './module-imports.ts';

test('imports of the framework, of other modules and of unknown packages are named with their place', async () => {
  const bad = {
    'config.ts': `${goodModule['config.ts']}
import { join } from 'node:path';
import { readSource } from '../../../src/config/source.ts';
import lodash from 'lodash';
export type { Azure } from '../azure/index.ts';
const later = () => import('slake/pipeline');
`,
    'demo-module.test.ts': "import { test } from 'vitest';\nimport './demo-module.ts';\n",
  };

  expect(await findingsOf(check, bad)).toEqual([
    'config.ts:11 imports ../../../src/config/source.ts, which is outside of the module',
    'config.ts:12 imports lodash',
    'config.ts:13 imports ../azure/index.ts, which is outside of the module',
    'config.ts:14 imports slake/pipeline',
  ]);
});
