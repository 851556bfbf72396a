// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineCheck, type Flaw } from '../check.ts';
import { endOf, runQuietly } from '../tool.ts';

const NO_INDEX = /(failed to fetch|error sending request|connection|network|dns|timed out|temporary failure)/i;

export const check = defineCheck({
  code: 'CHK-REQUIREMENTS-002',
  item: 'requirements',
  title: 'Every requirement has a wheel for Python 3.13 on arm64',
  level: 'error',
  why: 'Functions run on arm64 with Python 3.13; a package without such a wheel fails at deployment, or when it is imported.',
  how: 'uv resolves requirements.txt for that platform from wheels alone, without installing.',
  fix: 'Take a version that has a wheel, or a pure Python package in its place.',
  async run(subject) {
    const { python, processors, text } = subject;
    const folders = processors.filter(
      ({ runtime, path }) => runtime === 'python' && text(`${path}/requirements.txt`) !== undefined,
    );
    if (folders.length === 0) return { flaws: [], evidence: 'no Python requirements' };
    if (!python) return { notChecked: 'there is no Python environment; "npm run setup" makes it' };
    const flaws: Flaw[] = [];
    for (const { folder, path } of folders) {
      const target = mkdtempSync(join(tmpdir(), 'slake-wheels-'));
      try {
        const { code, stderr } = await runQuietly(
          subject,
          python,
          [
            ...['-m', 'uv', 'pip', 'install', '--dry-run', '--quiet', '--no-config', '--target', target],
            ...['--python-platform', 'aarch64-manylinux_2_28', '--python-version', '3.13'],
            ...['--only-binary', ':all:', '--require-hashes', '-r', join(folder, 'requirements.txt')],
          ],
          { folder, environment: indexSettings(process.env) },
        );
        if (code === 0) continue;
        if (code === undefined) return { notChecked: 'the package index did not answer in time' };
        if (NO_INDEX.test(stderr)) return { notChecked: `the package index cannot be reached: ${endOf(stderr, 1)}` };
        flaws.push({ file: `${path}/requirements.txt`, message: endOf(stderr) });
      } finally {
        rmSync(target, { recursive: true, force: true });
      }
    }
    return { flaws, evidence: 'resolved for Python 3.13 on aarch64' };
  },
});

/** uv reads none of pip's settings: an index that is set for pip counts for it too. */
function indexSettings(own: NodeJS.ProcessEnv): Record<string, string> {
  const index = own.UV_DEFAULT_INDEX ?? own.UV_INDEX_URL ?? own.PIP_INDEX_URL;
  const certificate = own.SSL_CERT_FILE ?? own.PIP_CERT;
  return { ...(index ? { UV_DEFAULT_INDEX: index } : {}), ...(certificate ? { SSL_CERT_FILE: certificate } : {}) };
}
