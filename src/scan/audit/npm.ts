// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Outcome, PackageSet, Vulnerability } from './outcome.ts';
import { runAuditTool, type ToolAnswer } from './run-tool.ts';

/** A lock file as far as it is needed here. */
const LockFile = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

/** An advisory as `npm audit` repeats it. */
const Advisory = z.object({
  name: z.string(),
  title: z.string(),
  url: z.string().default(''),
  range: z.string().default(''),
});

/** The report of an audit that took place. @see https://docs.npmjs.com/cli/v11/commands/npm-audit */
const Report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      name: z.string(),
      via: z.array(z.union([z.string(), Advisory])),
      effects: z.array(z.string()).default([]),
      isDirect: z.boolean().default(false),
      nodes: z.array(z.string()).default([]),
      fixAvailable: z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })]).default(false),
    }),
  ),
  metadata: z.object({ dependencies: z.object({ total: z.number() }) }),
});
type Report = z.infer<typeof Report>;

/** What is printed where there was none. */
const Refusal = z.object({
  message: z.string().optional(),
  statusCode: z.number().optional(),
  uri: z.string().optional(),
  error: z.object({ code: z.string().nullish(), summary: z.string().nullish() }).optional(),
});

/** A version with advisories since 2020: who knows none of it knows none of anything. */
const CANARY = { name: 'minimist', version: '0.0.8' };

export interface NpmAuditOptions {
  /** Root of the project, absolute. */
  readonly root: string;
  /** The lock file, from the root. */
  readonly file: string;
  /** Another registry than the one npm is set to. */
  readonly registry?: string;
  readonly signal?: AbortSignal;
}

/** Audits a lock file with npm. */
export async function auditNpm(options: NpmAuditOptions): Promise<PackageSet> {
  const { root, file, registry } = options;
  const base = { kind: 'npm', file, command: `npm audit${registry ? ` --registry ${registry}` : ''}` } as const;
  const endpoint = registry ?? 'the registry of npm';
  let versions: ReadonlyMap<string, string>;
  try {
    versions = lockedVersions(readFileSync(join(root, file), 'utf8'));
  } catch (error) {
    const reason = `${file} is no lock file: ${(error as Error).message.split('\n')[0]}`;
    return { ...base, endpoint, packages: 0, outcome: { status: 'tool-error', reason } };
  }
  const answer = await ask(join(root, dirname(file)), options);
  const packages = versions.size;
  let outcome = outcomeOf(answer, { packages, versions, file });
  if (outcome.status === 'clean' && !(await knowsCanary(options))) {
    const reason = `${endpoint} answers, but knows no advisory of ${CANARY.name} ${CANARY.version}, which has some`;
    outcome = { status: 'not-checked', reason, packages };
  }
  return { ...base, endpoint, packages, outcome };
}

function ask(folder: string, { registry, signal }: Pick<NpmAuditOptions, 'registry' | 'signal'>): Promise<ToolAnswer> {
  const args = ['audit', '--json', '--audit=true', '--offline=false', '--package-lock-only', '--fetch-retries=0'];
  return runAuditTool('npm', registry ? [...args, `--registry=${registry}`] : args, {
    folder,
    ...(signal ? { signal } : {}),
  });
}

/** Versions by place in the tree; the project itself is none of its packages. */
function lockedVersions(text: string): ReadonlyMap<string, string> {
  const { packages } = LockFile.parse(JSON.parse(text));
  return new Map(
    Object.entries(packages)
      .filter(([place]) => place !== '')
      .map(([place, { version = '' }]) => [place, version]),
  );
}

interface Locked {
  readonly packages: number;
  readonly versions: ReadonlyMap<string, string>;
  readonly file: string;
}

/** Decides by the shape of what npm printed: its exit code is 1 for holes and for refusals alike. */
export function outcomeOf({ stdout, stderr, failure }: ToolAnswer, locked: Locked): Outcome {
  if (failure) return { status: 'tool-error', reason: failure };
  let printed: unknown;
  try {
    printed = JSON.parse(stdout);
  } catch {
    const reason = stderr.trim().split('\n').at(-1) || 'npm audit printed no JSON';
    return { status: 'tool-error', reason };
  }
  const report = Report.safeParse(printed);
  if (report.success) return fromReport(report.data, locked);
  const refusal = Refusal.safeParse(printed).data ?? {};
  const local = /^E(?:NOLOCK|AUDITNOPJSON|JSONPARSE|LOCKVERIFY|USAGE)/.test(refusal.error?.code ?? '');
  const message = [refusal.message, refusal.error?.summary].find((text) => text) ?? '';
  if (local || (message === '' && refusal.statusCode === undefined)) {
    return { status: 'tool-error', reason: message || 'npm audit printed neither a report nor a reason' };
  }
  const reason = message.split('\n')[0] ?? '';
  const at = refusal.uri && !reason.includes(refusal.uri) ? ` (${refusal.uri})` : '';
  return { status: 'not-checked', reason: `${reason}${at}`, packages: locked.packages };
}

function fromReport({ vulnerabilities, metadata }: Report, { packages, versions, file }: Locked): Outcome {
  const found = Object.values(vulnerabilities).flatMap(({ via, nodes, name, fixAvailable }) =>
    via
      .filter((cause) => typeof cause !== 'string')
      .map(
        (advisory): Vulnerability => ({
          package: name,
          version: versions.get(nodes[0] ?? '') ?? '',
          id: /GHSA-[\w-]+/.exec(advisory.url)?.[0] ?? (advisory.url || 'advisory'),
          title: advisory.title,
          path: pathTo(name, vulnerabilities),
          fixedIn: fixedIn(advisory.range, fixAvailable, name),
          place: { file },
        }),
      ),
  );
  if (found.length > 0) return { status: 'vulnerable', vulnerabilities: found, skipped: 0 };
  if (Object.keys(vulnerabilities).length > 0) {
    return { status: 'tool-error', reason: 'npm audit reports packages without saying which advisory they have' };
  }
  if (packages > 0 && metadata.dependencies.total === 0) {
    return { status: 'not-checked', reason: 'npm audit looked at none of the packages', packages };
  }
  return { status: 'clean' };
}

/** From a direct dependency down to the package. */
function pathTo(name: string, vulnerabilities: Report['vulnerabilities']): string[] {
  const path = [name];
  for (let at = vulnerabilities[name]; at && !at.isDirect; ) {
    const next: string | undefined = at.effects.find((effect) => !path.includes(effect));
    if (next === undefined) break;
    path.unshift(next);
    at = vulnerabilities[next];
  }
  return path;
}

/** The first version behind each vulnerable range: `<1.2.6 || >=2.0.0 <2.0.1` gives 1.2.6 and 2.0.1. */
function fixedIn(range: string, fix: Report['vulnerabilities'][string]['fixAvailable'], name: string): string[] {
  const bounds = [...range.matchAll(/<(?!=)\s*(\d[\w.+-]*)/g)].map((match) => match[1] ?? '');
  if (bounds.length > 0) return bounds;
  return typeof fix === 'object' && fix.name === name ? [fix.version] : [];
}

/** Whether the endpoint that found nothing would find anything. */
async function knowsCanary(options: NpmAuditOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'slake-canary-'));
  try {
    const { name, version } = CANARY;
    const dependencies = { [name]: version };
    const project = { name: 'canary', version: '0.0.0', private: true, dependencies };
    const packages = { '': project, [`node_modules/${name}`]: { version } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(project));
    writeFileSync(
      join(folder, 'package-lock.json'),
      JSON.stringify({ name: 'canary', version: '0.0.0', lockfileVersion: 3, requires: true, packages }),
    );
    const answer = await ask(folder, options);
    return outcomeOf(answer, { packages: 1, versions: new Map(), file: '' }).status === 'vulnerable';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
