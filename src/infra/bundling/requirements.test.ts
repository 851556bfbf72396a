// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { bundlePython } from './index.ts';
import { filesBelow } from './store.ts';

const MODULES = fileURLToPath(new URL('../../../integrations/security-lake/cdk/modules', import.meta.url));
const cacheFolder = mkdtempSync(join(tmpdir(), 'requirements-'));
const processors = globSync('*/src/lambda/*/requirements.txt', { cwd: MODULES });

afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

// The wheels come from the package index, which an offline run does not have.
test.skipIf(process.env.SLAKE_OFFLINE === '1').each(processors)(
  '%s has a wheel of every requirement for Python 3.13 on arm64, within the size of a function',
  (requirements) => {
    const folder = join(MODULES, requirements, '..');
    const asset = bundlePython({ folder, target: { python: '3.13', platform: 'aarch64' }, cacheFolder });
    const native = filesBelow(asset.folder).filter((name) => /\.so(\.|$)/.test(name));
    expect(native.filter((name) => /x86_64|i686|darwin/.test(name))).toEqual([]);
    expect(filesBelow(asset.folder)).toContain('app.py');
  },
  300_000,
);
