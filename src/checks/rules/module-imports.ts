// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { posix } from 'node:path';
import { counted } from '../../errors/counted.ts';
import { defineCheck, type Flaw } from '../check.ts';

const ENTRY_POINTS = ['slake/collector', 'slake/contract', 'slake/module'];
const IMPORT =
  /^[ \t]*(?:import|export)\b[^'"`;]*?\bfrom\s+['"]([^'"]+)['"]|^[ \t]*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

export const check = defineCheck({
  code: 'CHK-MODULE-002',
  item: 'interface',
  title: 'The module imports only itself and the entry points',
  level: 'error',
  why: 'What reaches into the framework or into another module breaks when either changes, and cannot be published.',
  how: 'The imports of every TypeScript file; tests may import vitest and development tools.',
  fix: `Import from ${ENTRY_POINTS.join(', ')}; copy what little is shared between modules.`,
  run({ files, text }) {
    const sources = files.filter(({ path }) => path.endsWith('.ts'));
    const flaws = sources.flatMap(({ path }) => importsOf(text(path) ?? '').flatMap((found) => flawOf(path, found)));
    return { flaws, evidence: `imports of ${counted(sources.length, 'TypeScript file')}` };
  },
});

function importsOf(source: string): { readonly target: string; readonly line: number; readonly column: number }[] {
  return [...source.matchAll(IMPORT)].map((match) => {
    const target = match[1] ?? match[2] ?? match[3] ?? '';
    const at = match.index + match[0].lastIndexOf(target);
    const before = source.slice(0, at).split('\n');
    return { target, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  });
}

function flawOf(path: string, { target, line, column }: ReturnType<typeof importsOf>[number]): Flaw[] {
  const place = { file: path, line, column };
  if (target.startsWith('.')) {
    const inside = !posix.join(posix.dirname(path), target).startsWith('..');
    return inside ? [] : [{ ...place, message: `imports ${target}, which is outside of the module` }];
  }
  const isTest = /\.test\.ts$/.test(path);
  const known =
    ENTRY_POINTS.includes(target) ||
    /^(node:|aws-cdk-lib|constructs$|@aws-lambda-powertools\/|@aws-sdk\/)/.test(target);
  return known || (isTest && /^(vitest|fast-check)$/.test(target)) ? [] : [{ ...place, message: `imports ${target}` }];
}
