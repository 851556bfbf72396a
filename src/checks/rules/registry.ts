// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findModules } from '../../module/load.ts';
import { defineCheck, type Flaw } from '../check.ts';

const SCHEMA = 'config.schema.json';

export const check = defineCheck({
  code: 'CHK-REGISTRY-001',
  item: 'registry',
  title: 'The framework finds the module',
  level: 'error',
  why: 'A module that is not in the registry cannot be configured, so it is never deployed.',
  how: 'The registry is made of the folder names beside this one; the generated schema of the configuration must know it.',
  fix: 'Name the folder by the id of the module, in modules/, and run "npm run generate".',
  run({ id, folder }) {
    const modules = dirname(folder);
    const flaws: Flaw[] = [];
    if (!findModules(modules).includes(basename(folder)) || basename(folder) !== id) {
      flaws.push({ message: `the folder ${basename(folder)} is not found as the module ${id}` });
    }
    const known = knownModules(join(dirname(modules), SCHEMA));
    if (known && !known.includes(id)) flaws.push({ message: `${SCHEMA} of the configuration does not know ${id}` });
    return { flaws, evidence: known ? `${SCHEMA} knows ${known.join(', ')}` : 'found by its folder' };
  },
});

/** The modules that a generated schema of the configuration has; nothing where there is no such file. */
function knownModules(file: string): readonly string[] | undefined {
  try {
    const schema = JSON.parse(readFileSync(file, 'utf8')) as {
      properties?: { integrations?: { properties?: Record<string, unknown> } };
    };
    return Object.keys(schema.properties?.integrations?.properties ?? {});
  } catch {
    return undefined;
  }
}
