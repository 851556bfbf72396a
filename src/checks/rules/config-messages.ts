// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { checkValue } from '../../config/check.ts';
import { renderPath } from '../../config/problem.ts';
import { shapeOf } from '../../config/shape.ts';
import { counted } from '../../errors/counted.ts';
import { isDefinedModule } from '../../module/define-module.ts';
import { defineCheck, doesNotLoad, type Flaw } from '../check.ts';
import { smallestConfig, type Violation, violationsOf } from '../violations.ts';

const FILE = 'config.ts';

export const check = defineCheck({
  code: 'CHK-CONFIG-002',
  item: 'config',
  title: 'Each constraint of the configuration is told clearly',
  level: 'error',
  why: 'Whoever mistypes a value at three in the morning has the message and nothing else.',
  how: 'Every constraint is violated once; the message must be at the key, show the value and say what is allowed.',
  fix: 'Give the key a description, and a pattern a patternErrorMessage that says in words what it asks for.',
  run({ loaded, text }) {
    if (!loaded) return doesNotLoad;
    const { module } = loaded;
    if (!isDefinedModule(module)) {
      return { notChecked: 'the configuration is not a zod definition, so its constraints are not known' };
    }
    const shape = shapeOf(module.config);
    const valid = smallestConfig(shape);
    const violations = violationsOf(shape, valid);
    const file = text(FILE) === undefined ? 'index.ts' : FILE;
    const flaws: Flaw[] = [];
    for (const violation of violations) {
      const why = judge(violation, checkValue(module.config, violation.config).findings);
      const key = renderPath(violation.path) || 'the configuration';
      if (why)
        flaws.push({ file, ...lineOf(text(FILE), violation), message: `${key}, ${violation.constraint}: ${why}` });
      else if (module.validateConfig(violation.config).valid) {
        flaws.push({ file, message: `${key}, ${violation.constraint}: validateConfig takes it` });
      }
    }
    const refused = checkValue(module.config, valid).findings.filter(({ level }) => level === 'error');
    for (const { path, message } of refused) {
      flaws.push({ file, level: 'warning', message: `${renderPath(path)}: an example that is refused: ${message}` });
    }
    return { flaws, evidence: `${counted(violations.length, 'constraint')} violated, one after the other` };
  },
});

/** What is unclear about what was said of a violation; nothing where it is clear. */
function judge(
  { path, allowed, shown }: Violation,
  findings: ReturnType<typeof checkValue>['findings'],
): string | undefined {
  const here = findings.filter(({ level }) => level === 'error');
  if (here.length === 0) return 'is taken without a word';
  const own = here.find((finding) => renderPath(finding.path) === renderPath(path));
  if (!own) return `the message is at ${here.map((finding) => renderPath(finding.path)).join(', ')}`;
  const said = `${own.message} ${own.hint}`;
  if (/\(\?|\[\\w|\\d|\^\[/.test(said)) return `the message shows a regular expression: "${own.message}"`;
  if (!allowed.some((words) => said.includes(words)))
    return `the message does not say what is allowed: "${own.message}"`;
  const tells = shown.length === 0 || shown.some((words) => said.includes(words)) || said.includes('not shown');
  return tells ? undefined : `the message does not show the value: "${own.message}"`;
}

/** Where the key is defined, as far as its name tells. */
function lineOf(source: string | undefined, { path }: Violation): { line?: number; column?: number } {
  const key = path.findLast((part) => typeof part === 'string');
  const lines = source?.split('\n') ?? [];
  const line = lines.findIndex((text) => new RegExp(`^\\s*${String(key)}\\s*:`).test(text));
  return line < 0 ? {} : { line: line + 1, column: (lines[line]?.search(/\S/) ?? 0) + 1 };
}
