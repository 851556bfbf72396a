// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { defineCommand, textOption } from '../command.ts';
import { generatedFiles, staleFiles, writeFiles } from '../generated-files.ts';

export const command = defineCommand({
  summary: 'Writes every generated file: schemas, example, reference pages, OCSF tables',
  options: {
    check: { type: 'boolean', description: 'Writes nothing; exit code 1 where a file is stale' },
    'ocsf-schema': {
      type: 'string',
      value: '<file>',
      description: 'Compiled OCSF schema document to make the tables of its version from',
    },
  },
  examples: ['npm run generate', 'npm run generate -- --check', 'npm run generate -- --ocsf-schema 1.3.0.json'],
  async run({ values, output, root, callerFolder }) {
    const schema = textOption(values, 'ocsf-schema');
    const files = await generatedFiles(root, schema && resolve(callerFolder, schema));
    const stale = staleFiles(root, files);
    if (!values.check) writeFiles(root, stale);
    const names = [...stale.keys()];
    output.object({ files: files.size, [values.check ? 'stale' : 'written']: names });
    for (const name of names) output.line(`${values.check ? 'stale' : 'written'}  ${name}`);
    output.line(`${files.size} generated files, ${names.length} ${values.check ? 'stale' : 'written'}`);
    if (values.check && names.length > 0) output.line('"npm run generate" writes them.');
    return values.check && names.length > 0 ? 1 : 0;
  },
});
