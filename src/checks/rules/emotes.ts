// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineCheck } from '../check.ts';

/** Emoji and pictographs; not letters, digits, arrows or the signs for copyright and trade marks. */
const EMOTE =
  /(?![\u00a9\u00ae\u2122\d#*\u2190-\u21ff])[\p{Extended_Pictographic}\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}]/gu;

export const check = defineCheck({
  code: 'CHK-EMOTES-001',
  item: 'emotes',
  title: 'There are no emotes in code or documentation',
  level: 'error',
  why: 'Consoles, logs and terminals show them as boxes or break on them, and the project has agreed on none.',
  how: 'Every text file, for characters that Unicode calls pictographs.',
  fix: 'Say it in words.',
  run({ files, text }) {
    let looked = 0;
    const flaws = files.flatMap(({ path }) => {
      const content = text(path);
      if (content === undefined) return [];
      looked += 1;
      return content.split('\n').flatMap((line, at) =>
        [...line.matchAll(EMOTE)].map((match) => {
          const point = match[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
          return { file: path, line: at + 1, column: match.index + 1, message: `an emote (U+${point})` };
        }),
      );
    });
    return { flaws, evidence: `${looked} text files` };
  },
});
