// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { auditFindings } from './audit.ts';
import { auditNpm, outcomeOf as npmOutcome } from './npm.ts';
import type { Outcome } from './outcome.ts';
import { auditPip, outcomeOf as pipOutcome, requirementsOf } from './pip.ts';
import { type AdvisoryServices, type Manner, startAdvisoryServices } from './services.fixture.ts';

const root = mkdtempSync(join(tmpdir(), 'slake-audit-'));
const REFUSING = 'http://127.0.0.1:9';
let services: AdvisoryServices | undefined;
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(async () => {
  await services?.stop();
  services = undefined;
});

function project(packages: Readonly<Record<string, object>>): void {
  const own = { name: 'demo', version: '1.0.0', dependencies: { mkdirp: '0.5.1' } };
  writeFileSync(join(root, 'package.json'), JSON.stringify(own));
  const lock = {
    name: 'demo',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': own, ...packages },
  };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
}

async function npm(manner: Manner | 'refused'): Promise<Outcome> {
  services = manner === 'refused' ? undefined : await startAdvisoryServices(manner);
  const { outcome } = await auditNpm({ root, file: 'package-lock.json', registry: services?.registry ?? REFUSING });
  return outcome;
}

async function pip(manner: Manner | 'refused', requirements: string): Promise<Outcome> {
  services = manner === 'refused' ? undefined : await startAdvisoryServices(manner);
  writeFileSync(join(root, 'requirements.txt'), requirements);
  const osvUrl = services?.osvUrl ?? `${REFUSING}/v1/query`;
  return (await auditPip({ root, file: 'requirements.txt', osvUrl })).outcome;
}

const MKDIRP = { version: '0.5.1', dependencies: { minimist: '0.0.8' } };

describe('npm', () => {
  test('vulnerable: the path from what is asked for, and the fixed version', async () => {
    project({ 'node_modules/mkdirp': MKDIRP, 'node_modules/minimist': { version: '0.0.8' } });

    expect(await npm('knows')).toMatchObject({
      status: 'vulnerable',
      vulnerabilities: [
        {
          package: 'minimist',
          version: '0.0.8',
          id: 'GHSA-xvch-5gv4-984h',
          path: ['mkdirp', 'minimist'],
          fixedIn: ['0.2.4'],
        },
      ],
    });
  });

  test('clean, by an endpoint that knows of holes', async () => {
    project({
      'node_modules/mkdirp': { ...MKDIRP, version: '0.5.6', dependencies: { minimist: '1.2.8' } },
      'node_modules/minimist': { version: '1.2.8' },
    });

    expect(await npm('knows')).toEqual({ status: 'clean' });
    expect(services?.asked.filter((line) => line.includes('bulk'))).toHaveLength(2);
  });

  test.each<[Manner | 'refused', string]>([
    ['empty', 'knows no advisory of minimist'],
    ['405', '405'],
    ['500', '500'],
    ['refused', 'ECONNREFUSED'],
    ['garbage', ''],
  ])('an endpoint that answers "%s" has not checked anything', async (manner, reason) => {
    project({ 'node_modules/minimist': { version: '1.2.8' } });
    const outcome = await npm(manner);

    expect(outcome).toMatchObject({ status: 'not-checked', packages: 1, reason: expect.stringContaining(reason) });
  });

  test('a broken lock file is a tool error', async () => {
    writeFileSync(join(root, 'package-lock.json'), '{"packages": ');
    expect(await npm('knows')).toMatchObject({ status: 'tool-error', reason: expect.stringContaining('no lock file') });
  });

  const locked = { packages: 3, versions: new Map(), file: 'package-lock.json' };
  test.each<[string, string, Outcome['status']]>([
    [
      'a report that looked at nothing, as with --offline',
      JSON.stringify({ auditReportVersion: 2, vulnerabilities: {}, metadata: { dependencies: { total: 0 } } }),
      'not-checked',
    ],
    ['no lock file', JSON.stringify({ error: { code: 'ENOLOCK', summary: 'needs a lockfile' } }), 'tool-error'],
    ['an empty object', '{}', 'tool-error'],
    ['no JSON', 'Killed', 'tool-error'],
  ])('%s', (_, stdout, status) => {
    expect(npmOutcome({ stdout, stderr: '' }, locked).status).toBe(status);
  });
});

describe('pip', () => {
  const hashed = (name: string, version: string) => `${name}==${version} \\\n    --hash=sha256:${'0'.repeat(63)}1\n`;

  test('vulnerable, with its line and the fixed version', async () => {
    expect(await pip('knows', `# comment\n${hashed('idna', '3.10')}${hashed('Jinja2', '2.4.1')}`)).toMatchObject({
      status: 'vulnerable',
      skipped: 0,
      vulnerabilities: [
        {
          id: 'PYSEC-2014-8',
          version: '2.4.1',
          fixedIn: ['2.7.2'],
          title: 'The default configuration uses a predictable folder.',
          place: { file: 'requirements.txt', line: 4 },
        },
      ],
    });
  });

  test('clean, with and without hashes', async () => {
    expect(await pip('knows', hashed('idna', '3.10'))).toEqual({ status: 'clean' });
    await services?.stop();
    expect(await pip('knows', 'idna==3.10\n')).toEqual({ status: 'clean' });
  });

  test.each<[Manner | 'refused', string]>([
    ['empty', 'knows no advisory of jinja2'],
    ['405', ''],
    ['500', ''],
    ['refused', 'refused'],
    ['garbage', ''],
  ])('a service that answers "%s" has not checked anything', async (manner, reason) => {
    expect(await pip(manner, 'idna==3.10\n')).toMatchObject({
      status: 'not-checked',
      packages: 1,
      reason: expect.stringContaining(reason),
    });
  });

  test('what is not pinned is not checked', async () => {
    expect(await pip('knows', 'idna>=3\njinja2==2.4.1\n')).toMatchObject({
      status: 'not-checked',
      packages: 1,
      reason: expect.stringContaining('idna'),
    });
  });

  test('a package that was skipped is not checked, though the tool is content', () => {
    const stdout = JSON.stringify({
      dependencies: [
        { name: 'a', version: '1', vulns: [] },
        { name: 'B_c', skip_reason: 'not found' },
      ],
      fixes: [],
    });
    const asked = { requirements: requirementsOf('a==1\nb.c==2\n'), file: 'r.txt', endpoint: 'PyPI' };

    expect(pipOutcome({ stdout, stderr: '' }, asked)).toEqual({
      status: 'not-checked',
      packages: 1,
      reason: 'PyPI: not found',
    });
    expect(pipOutcome({ stdout: '', stderr: 'usage: pip-audit\npip-audit: error: bad option' }, asked).status).toBe(
      'tool-error',
    );
    expect(pipOutcome({ stdout: '', stderr: '', failure: 'pip-audit is not installed' }, asked)).toEqual({
      status: 'tool-error',
      reason: 'pip-audit is not installed',
    });
  });
});

test('requirements are read with extras, markers and options', () => {
  const text =
    '-r other.txt\n# x\naws-lambda-powertools[tracer]==3.37.0 ; python_version > "3"\n--hash=sha256:1\nzope.x>=1\nb\n';
  expect(requirementsOf(text)).toEqual([
    { name: 'aws-lambda-powertools', pinned: true, line: 3 },
    { name: 'zope-x', pinned: false, line: 5 },
    { name: 'b', pinned: false, line: 6 },
  ]);
});

test('each outcome has its finding', () => {
  const base = { kind: 'pip', file: 'r.txt', packages: 3, endpoint: 'PyPI', command: 'pip-audit -r r.txt' } as const;
  const hole = {
    package: 'a',
    version: '1',
    id: 'X-1',
    title: 'Bad.',
    path: ['b', 'a'],
    fixedIn: ['2'],
    place: { file: 'r.txt' },
  };
  const outcomes: Outcome[] = [
    { status: 'clean' },
    { status: 'vulnerable', vulnerabilities: [hole, { ...hole, fixedIn: [] }], skipped: 1 },
    { status: 'not-checked', reason: '405', packages: 3 },
    { status: 'tool-error', reason: 'broken' },
  ];
  const findings = outcomes.map((outcome) => auditFindings([{ ...base, outcome }]));

  expect(findings[0]).toEqual([]);
  expect(findings[1]).toMatchObject([
    { code: 'AUDIT-VULNERABLE', subject: 'b > a', message: 'a 1: X-1 Bad.', fix: 'a 2 has it no longer.' },
    { fix: 'No version is without it yet.' },
    { code: 'AUDIT-NOT-CHECKED', level: 'not-checked' },
  ]);
  expect(findings[2]).toMatchObject([
    { message: '3 pip packages: 405', fix: expect.stringContaining('pip-audit -r r.txt') },
  ]);
  expect(findings[3]).toMatchObject([{ code: 'AUDIT-TOOL', level: 'error' }]);
});
