// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { findingsOf } from '../module.fixture.ts';
import { check } from './emotes.ts';

test('emotes are named by place and code point; letters, arrows and signs are none', async () => {
  const rocket = String.fromCodePoint(0x1f680);
  const tick = String.fromCodePoint(0x2705);
  const bad = { 'docs/a.md': `# A ${rocket}\n\n${tick} done -> \u2192 \u00a9 1 # * \u00e9\n` };

  expect(await findingsOf(check, bad)).toEqual(['docs/a.md:1 an emote (U+1F680)', 'docs/a.md:3 an emote (U+2705)']);
});
