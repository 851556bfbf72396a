// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../errors/counted.ts';
import { defineCheck } from '../check.ts';
import type { Subject } from '../subject.ts';

const HOLDER = 'Copyright';
const LICENCE = 'SPDX-License-Identifier: Apache-2.0';
const COMMENT: readonly (readonly [file: RegExp, mark: string])[] = [
  [/\.(ts|mjs|js)$/, '//'],
  [/\.(py|sh|toml|ya?ml)$/, '#'],
];
/** What is written for a deployment is no source: it is copied to be filled in. */
const CONFIGURATION = /(^|\/)([\w-]+-)?config(\.[\w-]+)?\.ya?ml$/;
/** A module published apart from the project has an owner of its own; what `--fix` adds is ours. */
const OWNER = 'the Slake authors';
/** Lines that may stand before the header: how to run the file, and in which encoding it is. */
const FIRST = /^(#!.*|# -\*- coding.*|# yaml-language-server:.*)$/;

export const check = defineCheck({
  code: 'CHK-HEADERS-001',
  item: 'headers',
  title: 'Every source file has the copyright header',
  level: 'error',
  why: 'A file that is copied alone must still say whose it is and under which licence.',
  how: `The first lines of each source file, configurations left out: a line with "${HOLDER}", then "${LICENCE}".`,
  fix: '"module-checklist --fix" adds it.',
  run(subject) {
    const sources = sourcesOf(subject);
    const flaws = sources
      .filter(({ content }) => !hasHeader(content))
      .map(({ path }) => ({ file: path, line: 1, column: 1, message: 'has no copyright header' }));
    return { flaws, evidence: counted(sources.length, 'source file') };
  },
  mend(subject) {
    const bare = sourcesOf(subject).filter(({ content }) => !hasHeader(content));
    for (const { path, mark, content } of bare) {
      const lines = content.split('\n');
      const first = lines.findIndex((line) => !FIRST.test(line));
      lines.splice(Math.max(0, first), 0, `${mark} ${HOLDER} ${OWNER}`, `${mark} ${LICENCE}`);
      writeFileSync(join(subject.folder, path), lines.join('\n'));
    }
    return bare.map(({ path }) => path);
  },
});

function sourcesOf({ files, text }: Subject) {
  return files.flatMap(({ path }) => {
    const mark = CONFIGURATION.test(path) ? undefined : COMMENT.find(([file]) => file.test(path))?.[1];
    const content = mark === undefined ? undefined : text(path);
    // An empty file (a package marker) holds nothing that could be somebody's.
    return mark === undefined || content === undefined || content.trim() === '' ? [] : [{ path, mark, content }];
  });
}

function hasHeader(content: string): boolean {
  const lines = content.split('\n').slice(0, 6);
  const at = lines.findIndex((line) => line.includes(HOLDER));
  return at >= 0 && (lines[at + 1]?.includes(LICENCE) ?? false);
}
