// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { moduleWith } from '../module.fixture.ts';
import { check } from './registry.ts';

test('a module that the generated schema of the configuration does not know is not registered', async () => {
  const subject = await moduleWith();
  const schema = join(subject.folder, '..', '..', 'config.schema.json');
  const outcomes = ['azure', 'demo'].map((id) => {
    writeFileSync(schema, JSON.stringify({ properties: { integrations: { properties: { [id]: {} } } } }));
    return check.run(subject);
  });

  expect(outcomes).toEqual([
    {
      flaws: [{ message: 'config.schema.json of the configuration does not know demo' }],
      evidence: 'config.schema.json knows azure',
    },
    { flaws: [], evidence: 'config.schema.json knows demo' },
  ]);
});
