// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf } from '../module.fixture.ts';
import { check } from './changelog.ts';

test.each([
  [changed('CHANGELOG.md', '1.0.0', '1.1.0'), ['CHANGELOG.md:3 the newest entry is 1.1.0, the module is 1.0.0']],
  [changed('CHANGELOG.md', '0.9.0', '1.0.0'), ['CHANGELOG.md:3 1.0.0 stands above 1.0.0, which is not older']],
  [changed('CHANGELOG.md', '0.9.0', '1.0.0-rc.1'), []],
  [changed('CHANGELOG.md', '- Collects sign-ins.', ''), ['CHANGELOG.md:3 the entry 1.0.0 says nothing']],
  [{ 'CHANGELOG.md': '# Changelog\n' }, ['CHANGELOG.md has no entry "## <version>"']],
])('%# the changelog is judged', async (bad, findings) => {
  expect(await findingsOf(check, bad)).toEqual(findings);
});
