// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counted } from '../../errors/counted.ts';
import { defineCheck, type Flaw, type Outcome } from '../check.ts';
import type { ProcessorFolder, Subject } from '../subject.ts';
import { endOf, pythonScript, runQuietly } from '../tool.ts';

const LEAST_PERCENT = 80;

export const check = defineCheck({
  code: 'CHK-TESTS-001',
  item: 'tests',
  title: `The unit tests pass without network and cover at least ${LEAST_PERCENT} %`,
  level: 'error',
  why: "What no test runs is run first in production; a test that calls AWS tests somebody's account.",
  how: 'test_lambda.py is run by pytest (TypeScript: vitest) with coverage of the processor; connections to other machines are refused and noted.',
  fix: 'Write tests for the lines that are not reached; put a fake at the boundary to the service.',
  async run(subject) {
    const flaws: Flaw[] = [];
    const evidence: string[] = [];
    for (const processor of subject.processors) {
      const result =
        processor.runtime === 'python' ? await pytest(subject, processor) : await vitest(subject, processor);
      if ('notChecked' in result) return result;
      flaws.push(...result.flaws);
      evidence.push(result.evidence);
    }
    return { flaws, evidence: evidence.join('; ') || 'no processor' };
  },
});

interface Coverage {
  readonly totals: { readonly percent_covered: number };
  readonly files: Readonly<
    Record<
      string,
      { readonly missing_lines: readonly number[]; readonly summary: { readonly percent_covered: number } }
    >
  >;
}

async function pytest(subject: Subject, { folder, path }: ProcessorFolder): Promise<Outcome> {
  const { python, text, root } = subject;
  const tests = `${path}/test_lambda.py`;
  if (text(tests) === undefined)
    return { flaws: [{ message: `${tests} is missing or no text` }], evidence: 'no tests' };
  if (!python) return { notChecked: 'there is no Python; "npm run setup" makes the environment' };
  const work = mkdtempSync(join(tmpdir(), 'slake-tests-'));
  try {
    const report = join(work, 'coverage.json');
    const calls = join(work, 'calls');
    const { code, stdout, stderr } = await runQuietly(
      subject,
      python,
      [
        ...[pythonScript('offline.py'), calls, '--module', 'pytest', 'test_lambda.py', '-q', '-p', 'no:cacheprovider'],
        ...['-c', join(root, 'pyproject.toml'), `--rootdir=${folder}`],
        ...['--cov=.', '--cov-report=', `--cov-report=json:${report}`, '--cov-fail-under=0', '--tb=line'],
      ],
      {
        folder,
        environment: {
          COVERAGE_FILE: join(work, '.coverage'),
          PYTHONDONTWRITEBYTECODE: '1',
          PYTHONPATH: join(root, 'collector'),
        },
      },
    );
    if (code === undefined)
      return { flaws: [{ file: tests, message: 'the tests did not end within five minutes' }], evidence: 'stopped' };
    const summary = /\d+ (passed|failed|error).*$/m.exec(stdout)?.[0] ?? 'no test was run';
    const flaws: Flaw[] = networkFlaws(tests, calls);
    if (code !== 0) flaws.push({ file: tests, message: `pytest: ${endOf(stdout || stderr)}` });
    if (!existsSync(report)) return { flaws, evidence: summary };
    const { totals, files } = JSON.parse(readFileSync(report, 'utf8')) as Coverage;
    const percent = totals.percent_covered;
    if (percent < LEAST_PERCENT) {
      const worst = Object.entries(files)
        .filter(([, { missing_lines }]) => missing_lines.length > 0)
        .sort(([, a], [, b]) => b.missing_lines.length - a.missing_lines.length)[0];
      const line = worst?.[1].missing_lines[0];
      flaws.push({
        file: worst ? `${path}/${worst[0]}` : tests,
        ...(line === undefined ? {} : { line, column: 1 }),
        message: `${percent.toFixed(1)} % of the processor is covered, ${LEAST_PERCENT} % are asked for`,
      });
    }
    return { flaws, evidence: `${percent.toFixed(1)} % covered, ${summary}` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function networkFlaws(file: string, calls: string): Flaw[] {
  if (!existsSync(calls)) return [];
  const hosts = [...new Set(readFileSync(calls, 'utf8').split('\n').filter(Boolean))];
  return hosts.map((host) => ({ file, message: `a test connects to ${host}` }));
}

interface VitestCoverage {
  readonly total: { readonly lines: { readonly pct: number; readonly total: number } };
}

async function vitest(subject: Subject, { folder, path }: ProcessorFolder): Promise<Outcome> {
  const { files, root } = subject;
  if (!files.some((file) => file.path.startsWith(`${path}/`) && file.path.endsWith('.test.ts'))) {
    return { flaws: [{ message: `${path} has no tests (*.test.ts)` }], evidence: 'no tests' };
  }
  const work = mkdtempSync(join(tmpdir(), 'slake-tests-'));
  try {
    const { code, stdout, stderr } = await runQuietly(
      subject,
      process.execPath,
      [
        ...[join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', root, folder, '--reporter=default'],
        ...['--coverage.enabled', '--coverage.reporter=json-summary', `--coverage.reportsDirectory=${work}`],
        ...[
          `--coverage.include=${folder}/**/*.ts`,
          '--coverage.thresholds.lines=0',
          '--coverage.thresholds.functions=0',
        ],
        ...['--coverage.thresholds.statements=0'],
      ],
      { folder: root },
    );
    const flaws: Flaw[] = code === 0 ? [] : [{ file: path, message: `vitest: ${endOf(stdout || stderr)}` }];
    const report = join(work, 'coverage-summary.json');
    if (!existsSync(report)) return { flaws, evidence: 'no coverage report' };
    const { lines } = (JSON.parse(readFileSync(report, 'utf8')) as VitestCoverage).total;
    if (lines.pct < LEAST_PERCENT) {
      flaws.push({
        file: path,
        message: `${lines.pct} % of the processor is covered, ${LEAST_PERCENT} % are asked for`,
      });
    }
    return { flaws, evidence: `${lines.pct} % of ${counted(lines.total, 'line')} covered` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
