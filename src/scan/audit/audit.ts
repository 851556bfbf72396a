// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../errors/counted.ts';
import type { Finding, Rule } from '../../findings/index.ts';
import { listFiles } from '../files/list-files.ts';
import { auditNpm } from './npm.ts';
import type { PackageSet } from './outcome.ts';
import { auditPip } from './pip.ts';

export const auditRules = [
  {
    code: 'AUDIT-VULNERABLE',
    title: 'No package has a known vulnerability',
    level: 'error',
    why: 'What is known is tried by everybody.',
    fix: 'Take the fixed version, or leave the package out.',
  },
  {
    code: 'AUDIT-NOT-CHECKED',
    title: 'Every package can be asked for',
    level: 'not-checked',
    why: 'Who could not ask has not found nothing.',
    fix: 'Run the command where its endpoint can be reached.',
  },
  {
    code: 'AUDIT-TOOL',
    title: 'The audit tools work',
    level: 'error',
    why: 'A tool that fails has looked at nothing.',
    fix: 'Mend what it says, then run the audit again.',
  },
] as const satisfies readonly Rule[];

export interface AuditOptions {
  /** Root of the project, absolute. */
  readonly root: string;
  /** Folder whose requirements are meant, absolute: of a module, or the root. */
  readonly folder: string;
  readonly registry?: string;
  readonly osvUrl?: string;
  readonly signal?: AbortSignal;
  readonly say: (text: string) => void;
}

/** Audits the lock file of the project and every requirements file below a folder. */
export async function audit({ root, folder, registry, osvUrl, signal, say }: AuditOptions): Promise<PackageSet[]> {
  const sets: PackageSet[] = [];
  const common = { root, ...(signal ? { signal } : {}) };
  if (existsSync(join(root, 'package-lock.json'))) {
    say('npm audit');
    sets.push(await auditNpm({ ...common, file: 'package-lock.json', ...(registry ? { registry } : {}) }));
  }
  const requirements = listFiles(root, folder).filter((file) => /(?:^|\/)requirements[^/]*\.txt$/.test(file));
  for (const file of requirements.filter((one) => existsSync(join(root, one)))) {
    say(`pip-audit of ${file}`);
    sets.push(await auditPip({ ...common, file, ...(osvUrl ? { osvUrl } : {}) }));
  }
  return sets;
}

/** The outcomes as findings; a clean set gives none. */
export function auditFindings(sets: readonly PackageSet[]): Finding[] {
  return sets.flatMap(findingsOf);
}

function findingsOf(set: PackageSet): Finding[] {
  const { kind, file, outcome, command } = set;
  if (outcome.status === 'clean') return [];
  if (outcome.status === 'not-checked') return [notChecked(set, outcome.packages, outcome.reason)];
  if (outcome.status === 'tool-error') {
    return [{ code: 'AUDIT-TOOL', level: 'error', message: `${kind}: ${outcome.reason}`, place: { file } }];
  }
  const found = outcome.vulnerabilities.map(
    ({ package: name, version, id, title, path, fixedIn, place }): Finding => ({
      code: 'AUDIT-VULNERABLE',
      level: 'error',
      message: `${name} ${version}: ${id} ${title}`.trim(),
      place,
      subject: path.join(' > '),
      fix: fixedIn.length > 0 ? `${name} ${fixedIn.join(' or ')} has it no longer.` : 'No version is without it yet.',
    }),
  );
  const rest = outcome.skipped > 0 ? [notChecked(set, outcome.skipped, `${command} skipped them`)] : [];
  return [...found, ...rest];
}

function notChecked({ kind, file, command }: PackageSet, packages: number, reason: string): Finding {
  return {
    code: 'AUDIT-NOT-CHECKED',
    level: 'not-checked',
    message: `${counted(packages, `${kind} package`)}: ${reason}`,
    place: { file },
    fix: `Run this where the endpoint can be reached: ${command}`,
  };
}
