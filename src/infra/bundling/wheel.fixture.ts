// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipOf } from '../../local/embedded-aws/zip.fixture.ts';

/** Writes a wheel into `folder`; returns its line for a requirements file, with its hash. */
export function writeWheel(folder: string, name: string, tag = 'py3-none-any'): string {
  const info = `${name}-1.0.0.dist-info`;
  const wheel = zipOf({
    [`${name}/__init__.py`]: `NAME = "${name}"\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0.0\n`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: fixture\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
    [`${info}/entry_points.txt`]: `[console_scripts]\n${name}=${name}:main\n`,
    [`${info}/RECORD`]: [`${name}/__init__.py,,`, `${info}/METADATA,,`, `${info}/WHEEL,,`, `${info}/RECORD,,`].join(
      '\n',
    ),
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}-1.0.0-${tag}.whl`), wheel);
  return `${name}==1.0.0 --hash=sha256:${createHash('sha256').update(wheel).digest('hex')}`;
}
