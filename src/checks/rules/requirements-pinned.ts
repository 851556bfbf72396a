// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import { defineCheck, type Flaw } from '../check.ts';

export const check = defineCheck({
  code: 'CHK-REQUIREMENTS-001',
  item: 'requirements',
  title: 'Every requirement is pinned with hashes',
  level: 'error',
  why: 'A range installs another program tomorrow; without a hash, whoever holds the index decides which.',
  how: 'Each requirement of requirements.txt: "name==version" with at least one sha256 hash, and no other source.',
  fix: 'uv pip compile requirements.in --generate-hashes --python-version 3.13 -o requirements.txt',
  run({ processors, text }) {
    const python = processors.filter(({ runtime }) => runtime === 'python');
    if (python.length === 0) return { flaws: [], evidence: 'no Python processor' };
    let count = 0;
    const flaws = python.flatMap(({ path }): Flaw[] => {
      const file = `${path}/requirements.txt`;
      const content = text(file);
      if (content === undefined) return [{ message: `${file} is missing or no text` }];
      const requirements = requirementsOf(content);
      count += requirements.length;
      return requirements.flatMap(({ requirement, line }): Flaw[] => {
        const place = { file, line, column: 1 };
        const name = requirement.split(/[\s;=<>~!@[]/)[0] ?? requirement;
        if (/^-|:\/\//.test(requirement))
          return [{ ...place, message: `${requirement.split(' ')[0]} is no pinned requirement` }];
        if (!/^[A-Za-z0-9._-]+(\[[^\]]*\])?\s*==\s*[^*\s,;]+(\s|;|$)/.test(requirement)) {
          return [{ ...place, message: `${name} has no exact version` }];
        }
        return /--hash=sha256:[0-9a-f]{64}\b/.test(requirement) ? [] : [{ ...place, message: `${name} has no hash` }];
      });
    });
    return { flaws, evidence: counted(count, 'requirement') };
  },
});

/** The logical lines of a requirements file: comments left out, continued lines joined. */
function requirementsOf(content: string): { readonly requirement: string; readonly line: number }[] {
  const found: { requirement: string; line: number }[] = [];
  let open = false;
  for (const [at, raw] of content.split('\n').entries()) {
    const line = raw.replace(/(^|\s)#.*$/, '').trimEnd();
    if (line.trim() === '') continue;
    const text = line.replace(/\\$/, '').trim();
    const last = found.at(-1);
    if (open && last) last.requirement += ` ${text}`;
    else found.push({ requirement: text, line: at + 1 });
    open = line.endsWith('\\');
  }
  return found;
}
