// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { findingsOf } from '../module.fixture.ts';
import { check } from './requirements-pinned.ts';

test('ranges, missing hashes and other sources are named by line', async () => {
  const hash = `--hash=sha256:${'0'.repeat(64)}`;
  const requirements = [
    '# a comment',
    `boto3==1.2.3 \\`,
    `    ${hash}`,
    'requests>=2.0',
    'six==1.17.0',
    `uvicorn[standard]==1.0 ; python_version >= "3.11" ${hash}`,
    'git+https://example.com/x.git',
    `star==1.* ${hash}`,
  ].join('\n');

  expect(await findingsOf(check, { 'src/lambda/processor/requirements.txt': requirements })).toEqual([
    'src/lambda/processor/requirements.txt:4 requests has no exact version',
    'src/lambda/processor/requirements.txt:5 six has no hash',
    'src/lambda/processor/requirements.txt:7 git+https://example.com/x.git is no pinned requirement',
    'src/lambda/processor/requirements.txt:8 star has no exact version',
  ]);
});
