// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf } from '../module.fixture.ts';
import { check } from './iam.ts';

test('a permission that can never apply, and an action that does not exist, are named with their statement', async () => {
  const bad = changed(
    'demo-module.ts',
    "version: '1.0.0',",
    `version: '1.0.0',
  permissions: () => [
    { sid: 'Mismatch', actions: ['s3:GetObject'], resources: ['arn:aws:sqs:us-east-1:123456789012:feed'] },
    { sid: 'Misspelt', actions: ['sqs:SendMesage'], resources: ['arn:aws:sqs:us-east-1:123456789012:feed'] },
  ],`,
  );
  const findings = await findingsOf(check, bad);

  expect(findings).toContainEqual(expect.stringMatching(/RESOURCE_MISMATCH: Mismatch/));
  expect(findings).toContainEqual(expect.stringMatching(/UNKNOWN_ACTION: Misspelt.*sqs:SendMesage/));
});
