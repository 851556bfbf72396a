// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';
import { counted } from '../../errors/counted.ts';
import { scan } from '../../scan/scan.ts';
import { readBaseline } from '../../scan/secrets/baseline.ts';
import { defineCheck, type Flaw } from '../check.ts';

export const check = defineCheck({
  code: 'CHK-SECRETS-001',
  item: 'secrets',
  title: 'There are no secrets in the module and no dangerous calls in its code',
  level: 'error',
  why: 'A secret in a file is in every copy of it, for ever; dangerous calls turn hostile events into commands.',
  how: 'Files and code are scanned as "npm run security-scan" does.',
  fix: '"npm run security-scan -- --module <id>" shows each finding with its advice.',
  strict: true,
  async run({ id, folder, root, python }) {
    const { findings, files } = await scan({
      root,
      folder,
      modules: [{ id, folder }],
      parts: ['secrets', 'code'],
      baseline: readBaseline(join(root, 'secrets.baseline.json')),
      configFile: '',
      ...(python ? { pythons: [python] } : {}),
      say: () => {},
    });
    const flaws = findings.map(({ code, level, message, place, fix }): Flaw => {
      const prefix = `${folder.slice(root.length + 1)}/`;
      const file = place?.file.startsWith(prefix) ? place.file.slice(prefix.length) : place?.file;
      return {
        message: `${code}: ${message}`,
        level,
        ...(file === undefined ? {} : { file }),
        ...(place?.line === undefined ? {} : { line: place.line }),
        ...(place?.column === undefined ? {} : { column: place.column }),
        ...(fix === undefined ? {} : { fix }),
      };
    });
    return { flaws, evidence: counted(files, 'file') };
  },
});
