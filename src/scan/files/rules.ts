// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../../findings/index.ts';

export const fileIsLarge: Rule = {
  code: 'SCAN-FILE-LARGE',
  title: 'Every file is small enough to be read as source',
  level: 'not-checked',
  why: 'Nobody reviews such a file, so nobody sees what is in it.',
  fix: 'Keep data out of version control, or make it smaller.',
};

export const fileIsBinary: Rule = {
  code: 'SCAN-FILE-BINARY',
  title: 'Every file can be read as text',
  level: 'not-checked',
  why: 'An archive or a program can hold secrets that no scan of texts sees.',
  fix: 'Look at it by hand, or keep it out of version control.',
};

export const fileIsNotUtf8: Rule = {
  code: 'SCAN-FILE-ENCODING',
  title: 'Every text is UTF-8',
  level: 'advice',
  why: 'Tools disagree on what stands in it.',
  fix: 'Save it as UTF-8.',
};

export const fileIsUnreadable: Rule = {
  code: 'SCAN-FILE-UNREADABLE',
  title: 'Every file can be read',
  level: 'not-checked',
  why: 'What cannot be read cannot be checked.',
  fix: 'Give yourself the right to read it.',
};

export const linkLeadsOut: Rule = {
  code: 'SCAN-LINK-OUTSIDE',
  title: 'Links stay inside the project',
  level: 'not-checked',
  why: 'A link out of the project can bring files of the machine into a package.',
  fix: 'Put the file itself into the project, or remove the link.',
};

export const fileRules: readonly Rule[] = [fileIsLarge, fileIsBinary, fileIsNotUtf8, fileIsUnreadable, linkLeadsOut];
