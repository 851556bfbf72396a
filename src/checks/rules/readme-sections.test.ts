// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf } from '../module.fixture.ts';
import { check } from './readme-sections.ts';

test('a section that is missing, and one that says nothing, are named', async () => {
  const bad = changed('README.md', '## Troubleshooting', '## Licence');

  expect(await findingsOf(check, bad)).toEqual(['README.md no heading about what to do when it does not work']);
  expect(
    await findingsOf(
      check,
      changed(
        'README.md',
        'The secret demo-credentials holds one key, token, with the API token of the service.',
        'TODO',
      ),
    ),
  ).toEqual(['README.md:24 "Secret" says nothing about the secret']);
});
