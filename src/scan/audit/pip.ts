// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { venvPython } from '../../infra/bundling/project-python.ts';
import type { Outcome, PackageSet, Vulnerability } from './outcome.ts';
import { runAuditTool, type ToolAnswer } from './run-tool.ts';

/** @see https://github.com/pypa/pip-audit */
const Report = z.object({
  dependencies: z.array(
    z.object({
      name: z.string(),
      version: z.string().optional(),
      skip_reason: z.string().optional(),
      vulns: z
        .array(
          z.object({
            id: z.string(),
            fix_versions: z.array(z.string()).default([]),
            description: z.string().default(''),
          }),
        )
        .optional(),
    }),
  ),
});

/** A version with advisories since 2014: who knows none of it knows none of anything. */
const CANARY = 'jinja2==2.4.1';

export interface PipAuditOptions {
  /** Root of the project, absolute. */
  readonly root: string;
  /** The requirements, from the root. */
  readonly file: string;
  /** Asks this OSV service instead of PyPI. */
  readonly osvUrl?: string;
  readonly signal?: AbortSignal;
}

interface Requirement {
  readonly name: string;
  readonly pinned: boolean;
  /** From 1. */
  readonly line: number;
}

/** Audits a requirements file with pip-audit. */
export async function auditPip(options: PipAuditOptions): Promise<PackageSet> {
  const { root, file, osvUrl } = options;
  const endpoint = osvUrl ?? 'PyPI';
  const service = osvUrl ? ` -s osv --osv-url ${osvUrl}` : '';
  const base = { kind: 'pip', file, endpoint, command: `pip-audit${service} -r ${file}` } as const;
  const text = readFileSync(join(root, file), 'utf8');
  const requirements = requirementsOf(text);
  const packages = requirements.length;
  const loose = requirements.filter(({ pinned }) => !pinned);
  if (packages === 0) return { ...base, packages, outcome: { status: 'clean' } };
  if (loose.length > 0) {
    const names = loose.slice(0, 5).map(({ name }) => name);
    const reason = `not pinned to a version: ${names.join(', ')}${loose.length > 5 ? ', ...' : ''}`;
    return { ...base, packages, outcome: { status: 'not-checked', reason, packages: loose.length } };
  }
  const answer = await ask(join(root, file), text.includes('--hash='), options);
  let outcome = outcomeOf(answer, { requirements, file, endpoint });
  if (outcome.status === 'clean' && !(await knowsCanary(options))) {
    const reason = `${endpoint} answers, but knows no advisory of ${CANARY}, which has some`;
    outcome = { status: 'not-checked', reason, packages };
  }
  return { ...base, packages, outcome };
}

function ask(path: string, hashed: boolean, { root, osvUrl, signal }: PipAuditOptions): Promise<ToolAnswer> {
  const own = join(dirname(venvPython(root)), 'pip-audit');
  const args = [
    ...['-r', path, '-f', 'json', '--progress-spinner', 'off', '--disable-pip'],
    // Every version is pinned, so there is nothing to resolve, and no index is asked.
    ...(hashed ? ['--require-hashes'] : ['--no-deps']),
    ...(osvUrl ? ['-s', 'osv', '--osv-url', osvUrl] : []),
  ];
  return runAuditTool(existsSync(own) ? own : 'pip-audit', args, { folder: root, ...(signal ? { signal } : {}) });
}

/** The requirements of a file, with their lines; options and comments are none. */
export function requirementsOf(text: string): readonly Requirement[] {
  return text.split('\n').flatMap((content, index) => {
    const match = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(.*)$/.exec(content.trim());
    if (!match || content.trim().startsWith('#')) return [];
    return [{ name: normal(match[1] ?? ''), pinned: /^={2,3}\s*[^\s*]+/.test(match[2] ?? ''), line: index + 1 }];
  });
}

/** @see https://packaging.python.org/en/latest/specifications/name-normalization/ */
function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

interface Asked {
  readonly requirements: readonly Requirement[];
  readonly file: string;
  readonly endpoint: string;
}

const CANNOT_ASK =
  /connect|connection|timed? ?out|unreachable|resolve|HTTPError|ServiceError|\b[45]\d\d\b|service|proxy|certificate|SSL|JSONDecodeError|Expecting value/i;

/** Decides by the shape of what pip-audit printed: it exits with 0 though every package was skipped. */
export function outcomeOf({ stdout, stderr, failure }: ToolAnswer, { requirements, file, endpoint }: Asked): Outcome {
  const packages = requirements.length;
  if (failure) return { status: 'tool-error', reason: failure };
  const report = parseReport(stdout);
  if (!report) {
    const lines = stderr
      .trim()
      .split('\n')
      .filter((line) => line.trim() !== '');
    const said = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'pip-audit printed no JSON';
    const reason = said.replace(/^ERROR:[\w.:]*\s*/, '').trim();
    if (CANNOT_ASK.test(stderr)) return { status: 'not-checked', reason: `${endpoint}: ${reason}`, packages };
    return { status: 'tool-error', reason };
  }
  const lineOf = (name: string) => requirements.find((one) => one.name === normal(name))?.line;
  const vulnerabilities = report.dependencies.flatMap(({ name, version = '', vulns = [] }) =>
    vulns.map(
      ({ id, fix_versions: fixedIn, description }): Vulnerability => ({
        package: name,
        version,
        id,
        title: firstSentence(description),
        path: [name],
        fixedIn,
        place: { file, ...(lineOf(name) === undefined ? {} : { line: lineOf(name) }) },
      }),
    ),
  );
  const answered = new Set(
    report.dependencies.filter(({ vulns }) => vulns !== undefined).map(({ name }) => normal(name)),
  );
  const skipped = requirements.filter(({ name }) => !answered.has(name)).length;
  if (vulnerabilities.length > 0) return { status: 'vulnerable', vulnerabilities, skipped };
  if (skipped === 0) return { status: 'clean' };
  const why = report.dependencies.find((one) => one.skip_reason !== undefined)?.skip_reason ?? 'not in the report';
  return { status: 'not-checked', reason: `${endpoint}: ${why}`, packages: skipped };
}

function parseReport(text: string): z.infer<typeof Report> | undefined {
  try {
    return Report.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function firstSentence(text: string): string {
  const [first = ''] = text.split(/(?<=\.)\s|\n/);
  return first.length > 160 ? `${first.slice(0, 157)}...` : first;
}

/** Whether the service that found nothing would find anything. */
async function knowsCanary(options: PipAuditOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'slake-canary-'));
  try {
    const path = join(folder, 'requirements.txt');
    writeFileSync(path, `${CANARY}\n`);
    const asked = { requirements: requirementsOf(CANARY), file: '', endpoint: '' };
    return outcomeOf(await ask(path, false, options), asked).status === 'vulnerable';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
