// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf, goodModule } from '../module.fixture.ts';
import { check } from './module-stack.ts';

test('a watched function that the stack does not have is named', async () => {
  const index = `${goodModule['index.ts']?.replace('export', 'import').replace('demo as module', 'demo')}
export const module = {
  ...demo,
  getHealthCheckConfig: () => ({ functions: [{ functionName: 'demo-collector' }], secrets: [] }),
};
`;

  expect(await findingsOf(check, { 'index.ts': index })).toEqual([
    'index.ts there is no function demo-collector in the stack',
  ]);
});

test('a stack that cannot be made is one finding', async () => {
  const bad = changed(
    'demo-module.ts',
    'version:',
    "outputs: () => ({ 'no name': { value: '', description: '' } }), version:",
  );

  expect(await findingsOf(check, bad)).toEqual([
    expect.stringMatching(/^index\.ts the stack cannot be made: .*SLK-INFRA-\d+/),
  ]);
});
