// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { findingsOf } from '../module.fixture.ts';
import { check } from './requirements-install.ts';

test('a version that does not exist, or not with this hash, is told as the resolver tells it', async () => {
  const requirements = `six==999.0.0 --hash=sha256:${'0'.repeat(64)}\n`;
  const [finding] = await findingsOf(check, { 'src/lambda/processor/requirements.txt': requirements });

  // Without a package index it is said that nothing could be checked.
  expect(finding).toMatch(/six.*999\.0\.0|^not checked: the package index/s);
});
