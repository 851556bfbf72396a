// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DEFAULT_OCSF_VERSION } from '../../ocsf/index.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import { loadProgram, mappingFiles } from '../../pipeline/build/load-program.ts';
import { tryEvent } from '../../pipeline/build/sample.ts';
import { loadModule } from '../load.ts';
import { starterMapping } from './starter-mapping.ts';

const FIXTURES = resolve(import.meta.dirname, '..', '..', '..', '.slake', 'fixtures');
const HEADER = '// Copyright the Slake authors\n// SPDX-License-Identifier: Apache-2.0\n';
mkdirSync(FIXTURES, { recursive: true });
// Below the project, so that mappings find slake/contract.
const folder = join(mkdtempSync(join(FIXTURES, 'starters-')), 'acme');
afterAll(() => rmSync(resolve(folder, '..'), { recursive: true, force: true }));

const classes = Object.keys(ocsfSchema().classes);
const starters = classes.map((name) => starterMapping(name, 'Acme'));

describe('the starter of every OCSF class', async () => {
  mkdirSync(join(folder, 'mappings', 'shapes'), { recursive: true });
  writeFileSync(join(folder, 'mappings', 'shapes', 'stream.ts'), `${HEADER}export const STREAM = 'com.acme.events';\n`);
  for (const { case: name, code } of starters) writeFileSync(join(folder, 'mappings', `${name}.ts`), code);
  writeFileSync(
    join(folder, 'index.ts'),
    `${HEADER}import { defineModule, z } from 'slake/module';
export const module = defineModule({
  id: 'acme', name: 'Acme', version: '0.1.0', description: 'All classes', config: z.strictObject({}), processors: () => [],
});
`,
  );
  const { mappings } = await loadModule(folder, 'acme');
  const { program } = await loadProgram(mappingFiles(folder, mappings), DEFAULT_OCSF_VERSION);

  test.each(starters.map((starter) => [starter.case, starter] as const))('%s', (_, { sample }) => {
    const { rows, issues, unmapped } = tryEvent(program, sample, 'sample');

    expect(issues.filter(({ code }) => !code.endsWith('_deprecated'))).toEqual([]);
    expect(rows).toHaveLength(1);
    // Its own sample holds what it reads and nothing else, but what names the event.
    expect(unmapped).toEqual(['id']);
  });
});

test('a class that OCSF does not have is refused, with the nearest one', () => {
  expect(() => starterMapping('authentification', 'Acme')).toThrow(
    expect.objectContaining({ code: 'SLK-OCSF-002', message: expect.stringContaining('authentification') }),
  );
});

test('lists are read item by item, constraints are met, and enums have an id that says something', () => {
  const { code, sample, caption } = starterMapping('incident_finding', 'Acme');

  expect(caption).toBe('Incident Finding (2005)');
  expect(code).toContain(`    finding_info_list: each('findingInfoList', {\n      title: from('title'),`);
  expect(code).toContain(`    assignee: {\n      name: from('assignee.name'),\n    },`);
  expect(code).toContain('    activity_id: 1,');
  // Of an incident 1 is New, which no outcome says.
  expect(code).not.toContain("lookup('outcome'");
  expect(starterMapping('api_activity', 'Acme').code).toContain(
    "status_id: lookup('outcome', { SUCCESS: 1, FAILURE: 2 }, 0),",
  );
  expect(sample).toMatchObject({ findingInfoList: [{ title: 'sample title', uid: 'sample uid' }] });
});
