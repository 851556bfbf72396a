// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf } from '../module.fixture.ts';
import { check } from './mapping-samples.ts';

test('a sample whose result changed is named', async () => {
  expect(await findingsOf(check, changed('mappings/sign-in.ts', 'failed: 2', 'ok: 2'))).toEqual([
    'samples/sign-in.ocsf.json is not what becomes of the sample',
  ]);
});

test('a sample that is refused, and a mapping no sample reaches, are named', async () => {
  expect(await findingsOf(check, changed('samples/sign-in.raw.json', '2026-03-04T12:00:00Z', 'yesterday'))).toEqual([
    expect.stringMatching(/^samples\/sign-in\.raw\.json is refused: time /),
    'mappings/sign-in.ts no sample reaches sign-in#signIn',
  ]);
});

test('a sample without expectation is named', async () => {
  expect(await findingsOf(check, { 'samples/sign-in.ocsf.json': undefined })).toEqual([
    'samples/sign-in.raw.json samples/sign-in.ocsf.json is missing',
  ]);
});

test('a sample may be one of what is refused, where its expectation says so', async () => {
  const refused = {
    'samples/bad.raw.json': '{"no":"mapping takes it"}',
    'samples/bad.ocsf.json': '[]',
    'samples/silent.raw.json': '{"no":"mapping takes it"}',
    'samples/gone.ocsf.json': '[]',
  };

  expect(await findingsOf(check, refused)).toEqual([
    expect.stringMatching(/^samples\/silent\.raw\.json is refused: /),
    'samples/gone.ocsf.json has no raw event beside it',
  ]);
});
