// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineCheck } from '../check.ts';

/** By runtime of a processor; the names are those of the packaging guide. */
const PROCESSOR_FILES = {
  python: ['app.py', 'local_test.py', 'test_lambda.py', 'requirements.txt', 'helpers/'],
  typescript: ['app.ts', 'local-test.ts', 'app.test.ts'],
} as const;

export const check = defineCheck({
  code: 'CHK-FILES-001',
  item: 'files',
  title: 'Every required file is there',
  level: 'error',
  why: 'Tools and people find each part of a module by its name: what is missing is neither run nor read.',
  how: 'The files that the packaging guide lists, looked for in the folder of the module.',
  fix: 'Add the file; "npm run new-module" makes a module that has them all.',
  strict: true,
  run({ id, files, processors }) {
    const required = [
      'index.ts',
      `${id}-module.ts`,
      'README.md',
      'config.schema.json',
      'CHANGELOG.md',
      'mappings/',
      'samples/',
      ...processors.flatMap(({ path, runtime }) => PROCESSOR_FILES[runtime].map((file) => `${path}/${file}`)),
    ];
    const isThere = (wanted: string) =>
      files.some(({ path }) => (wanted.endsWith('/') ? path.startsWith(wanted) : path === wanted));
    const missing = required.filter((wanted) => !isThere(wanted));
    const flaws = missing.map((file) => ({ message: `${file} is missing` }));
    if (processors.length === 0) flaws.push({ message: 'there is no folder of a processor below src/lambda/' });
    return { flaws, evidence: `${required.length - missing.length} of ${required.length} required files` };
  },
});
