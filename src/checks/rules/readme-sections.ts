// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import { defineCheck, type Flaw } from '../check.ts';

/** What an operator looks for, and the headings that tell of it. */
const SECTIONS: readonly (readonly [about: string, heading: RegExp])[] = [
  ['what is collected', /collect|event types|events/i],
  ['how to set up the source', /set.?up|prerequisite|export|getting started|source/i],
  ['the configuration', /configuration/i],
  ['the secret', /secret|credential/i],
  ['what to do when it does not work', /troubleshoot|problems|operat/i],
];
const FEWEST_WORDS = 10;

export const check = defineCheck({
  code: 'CHK-README-001',
  item: 'readme',
  title: 'The README tells an operator what is needed',
  level: 'error',
  why: 'Whoever sets the module up has the README and nobody to ask.',
  how: `A heading for each of: ${SECTIONS.map(([about]) => about).join(', ')}; below it at least ${FEWEST_WORDS} words.`,
  fix: 'Write the section; the README of the template has them all.',
  run({ text }) {
    const readme = text('README.md');
    if (readme === undefined) return { notChecked: 'README.md is missing or no text' };
    const sections = sectionsOf(readme);
    const flaws = SECTIONS.flatMap(([about, heading]): Flaw[] => {
      const fitting = sections.filter((section) => heading.test(section.heading));
      const [first] = fitting;
      if (!first) return [{ file: 'README.md', message: `no heading about ${about}` }];
      if (fitting.some(({ words }) => words >= FEWEST_WORDS)) return [];
      return [
        { file: 'README.md', line: first.line, column: 1, message: `"${first.heading}" says nothing about ${about}` },
      ];
    });
    return { flaws, evidence: counted(sections.length, 'section') };
  },
});

/** The sections of a page; the words of a section count those of its subsections. */
function sectionsOf(page: string): { readonly heading: string; readonly line: number; readonly words: number }[] {
  const lines = page.replaceAll(/<!--.*?-->/gs, (comment) => comment.replaceAll(/[^\n]/g, '')).split('\n');
  const headings = lines.flatMap((line, at) => {
    const [, marks, heading] = /^(#{2,6})\s+(.+)$/.exec(line) ?? [];
    return marks && heading ? [{ heading, at, depth: marks.length }] : [];
  });
  return headings.map(({ heading, at, depth }) => {
    const end = headings.find((next) => next.at > at && next.depth <= depth)?.at ?? lines.length;
    const words = lines
      .slice(at + 1, end)
      .join(' ')
      .split(/\s+/)
      .filter((word) => /\w/.test(word)).length;
    return { heading, line: at + 1, words };
  });
}
