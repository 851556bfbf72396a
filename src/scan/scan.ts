// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { join, relative, sep } from 'node:path';
import { counted } from '../errors/counted.ts';
import { Failure } from '../errors/failure.ts';
import type { Finding, Rule } from '../findings/index.ts';
import { loadModule } from '../module/load.ts';
import { pythonsOf } from './ask-python.ts';
import { codeRules } from './code/rules.ts';
import { scanCode } from './code/scan-code.ts';
import { listFiles } from './files/list-files.ts';
import { readSource } from './files/read-source.ts';
import { fileRules } from './files/rules.ts';
import type { Baseline } from './secrets/baseline.ts';
import { secretKinds } from './secrets/kinds.ts';
import { ruleOf, secretRules } from './secrets/rules.ts';
import { type SecretScan, scanSecrets } from './secrets/scan-secrets.ts';
import { templateNotChecked, templateRules } from './templates/rules.ts';
import { scanTemplates } from './templates/scan-templates.ts';
import { synthesizeModule } from './templates/synthesize.ts';

/** The parts of a security scan. */
export const scanParts = ['secrets', 'code', 'templates'] as const;
export type ScanPart = (typeof scanParts)[number];

export interface ScanOptions {
  /** Root of the project, absolute. */
  readonly root: string;
  /** The folder whose files are scanned: of a module, or the root. */
  readonly folder: string;
  readonly modules: readonly { readonly id: string; readonly folder: string }[];
  readonly parts: readonly ScanPart[];
  readonly baseline: Baseline;
  /** Configuration with which the stacks are made. */
  readonly configFile: string;
  readonly pythons?: readonly string[];
  readonly say: (text: string) => void;
}

export interface ScanResult {
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly secrets: SecretScan | undefined;
  /** Names of the stacks that were looked at. */
  readonly stacks: readonly string[];
}

/** All rules a scan can report. */
export async function scanRules(): Promise<readonly Rule[]> {
  const kinds = await secretKinds();
  return [...kinds.map(ruleOf), ...secretRules, ...codeRules, ...templateRules, templateNotChecked, ...fileRules];
}

/** Scans files for secrets, code of modules for dangerous calls, and their stacks for open settings. */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const { root, folder, modules, parts, baseline, say } = options;
  const sources = listFiles(root, folder).map((file) => readSource(root, file));
  const findings: Finding[] = sources.flatMap((source) => source.findings);
  say(counted(sources.length, 'file'));

  const secrets = parts.includes('secrets') ? await scanSecrets(sources, baseline) : undefined;
  findings.push(...(secrets?.findings ?? []));

  if (parts.includes('code')) {
    const folders = modules.map((module) => `${relative(root, module.folder).split(sep).join('/')}/`);
    const own = sources.filter(({ file }) => folders.some((start) => file.startsWith(start)));
    findings.push(...scanCode(own, options.pythons ?? pythonsOf(root)));
  }

  const stacks = new Set<string>();
  if (parts.includes('templates')) {
    for (const { id, folder: moduleFolder } of modules) {
      say(`stacks of ${id}`);
      try {
        const templates = await synthesizeModule(await loadModule(moduleFolder, id), options.configFile);
        const fresh = templates.filter(({ name }) => !stacks.has(name));
        for (const { name } of fresh) stacks.add(name);
        findings.push(...(await scanTemplates(fresh)));
      } catch (error) {
        findings.push(notMade(id, error, join(relative(root, moduleFolder), 'index.ts')));
      }
    }
  }
  return { findings, files: sources.length, secrets, stacks: [...stacks] };
}

/** One module whose stacks cannot be made does not keep the others from being looked at. */
function notMade(id: string, error: unknown, file: string): Finding {
  const why = error instanceof Error ? error.message : String(error);
  const { code, level } = templateNotChecked;
  const fix = error instanceof Failure ? error.hint : undefined;
  return {
    code,
    level,
    message: `the stacks of ${id} cannot be made: ${why.split('\n').slice(0, 3).join(' ')}`,
    place: { file: file.split(sep).join('/') },
    ...(fix ? { fix } : {}),
  };
}
