// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleJsonSchema } from '../../config/generate.ts';
import { isDefinedModule } from '../../module/define-module.ts';
import { defineCheck, doesNotLoad } from '../check.ts';
import type { Subject } from '../subject.ts';

const FILE = 'config.schema.json';

export const check = defineCheck({
  code: 'CHK-CONFIG-001',
  item: 'config',
  title: 'config.schema.json is that of the configuration',
  level: 'error',
  why: 'Editors complete and check by this file; a stale one refuses what is right and takes what is wrong.',
  how: 'The schema is generated from the zod definition and compared with the file.',
  fix: '"npm run generate" or "module-checklist --fix" writes it.',
  run(subject) {
    if (!subject.loaded) return doesNotLoad;
    const fresh = freshSchema(subject);
    if (fresh === undefined) return { flaws: [], evidence: 'the configuration is not a zod definition' };
    const flaws = subject.text(FILE) === fresh ? [] : [{ file: FILE, message: 'is stale or missing' }];
    return { flaws, evidence: `${FILE} compared with the definition` };
  },
  mend(subject) {
    const fresh = freshSchema(subject);
    if (fresh === undefined || subject.text(FILE) === fresh) return [];
    writeFileSync(join(subject.folder, FILE), fresh);
    return [FILE];
  },
});

function freshSchema({ loaded }: Subject): string | undefined {
  return loaded && isDefinedModule(loaded.module) ? moduleJsonSchema(loaded.module.config) : undefined;
}
