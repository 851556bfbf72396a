// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed } from '../../checks/module.fixture.ts';
import { compileMappings } from './compile.ts';
import { demoProject } from './demo-project.fixture.ts';

test('mappings that hold are counted', async () => {
  expect(await compileMappings(demoProject().root)).toEqual({ problems: [], compiled: 1 });
});

test('a claim that does not hold is a problem', async () => {
  const claim = changed(
    'mappings/sign-in.ts',
    "'authentication',",
    "'authentication', versions: ['1.8.0'], adjust: { '1.8.0': { a: null } },",
  );
  const { problems } = await compileMappings(demoProject(claim).root);

  expect(problems.map(({ message }) => message)).toEqual([
    'sign-in#signIn: OCSF 1.8.0: adjust the literal has nothing at a',
  ]);
});

test('a module that does not load is a problem', async () => {
  const { problems } = await compileMappings(demoProject({ 'index.ts': 'throw new Error();' }).root);

  expect(problems).toHaveLength(1);
});
