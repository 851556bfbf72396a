// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { loadChecks } from './load-checks.ts';
import { findingsOf } from './module.fixture.ts';

test.each(await loadChecks())('the good module follows $code: $title', async (check) => {
  expect(await findingsOf(check)).toEqual([]);
});
