// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withConfigTable } from '../../config/generate.ts';
import { isDefinedModule } from '../../module/define-module.ts';
import { defineCheck, doesNotLoad } from '../check.ts';

const FILE = 'README.md';
const MARKER = '<!-- configuration:begin -->';

export const check = defineCheck({
  code: 'CHK-README-002',
  item: 'readme',
  title: 'The README has the table of the configuration',
  level: 'error',
  why: 'A key nobody documents is a key nobody sets; a documented key that is gone is an error at deployment.',
  how: 'The table between the markers is generated from the definition and compared.',
  fix: `Put the lines ${MARKER} and <!-- configuration:end --> into README.md; "module-checklist --fix" fills them.`,
  run({ loaded, text }) {
    const readme = text(FILE);
    if (readme === undefined) return { notChecked: `${FILE} is missing or no text` };
    if (!loaded) return doesNotLoad;
    if (!isDefinedModule(loaded.module)) return { flaws: [], evidence: 'the configuration is not a zod definition' };
    if (!readme.includes(MARKER)) {
      return { flaws: [{ file: FILE, message: 'has no markers for the configuration table' }], evidence: 'no markers' };
    }
    const isFresh = withConfigTable(readme, loaded.module.config) === readme;
    const line = readme.slice(0, readme.indexOf(MARKER)).split('\n').length;
    const flaws = isFresh ? [] : [{ file: FILE, line, column: 1, message: 'the configuration table is stale' }];
    return { flaws, evidence: 'configuration table compared with the definition' };
  },
  mend({ loaded, text, folder }) {
    const readme = text(FILE);
    if (readme === undefined || !loaded || !isDefinedModule(loaded.module)) return [];
    const fresh = withConfigTable(readme, loaded.module.config);
    if (fresh === readme) return [];
    writeFileSync(join(folder, FILE), fresh);
    return [FILE];
  },
});
