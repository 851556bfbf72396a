// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join, relative } from 'node:path';
import { badArguments } from '../../errors/cli.ts';
import { Failure } from '../../errors/failure.ts';
import { lakeSourceName } from '../../infra/lake-source-name.ts';
import { loadModule } from '../../module/load.ts';
import { RUNTIMES, type Runtime, scaffold, TEMPLATE_CLASS } from '../../module/scaffold/scaffold.ts';
import { DEFAULT_OCSF_VERSION } from '../../ocsf/index.ts';
import { loadProgram, mappingFiles } from '../../pipeline/build/load-program.ts';
import { runSamples, updateSamples } from '../../pipeline/build/sample.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { defineCommand, type OptionValues, textOption } from '../command.ts';
import { generatedFiles, staleFiles, writeFiles } from '../generated-files.ts';

export const command = defineCommand({
  summary: 'Makes a new module that passes every check and runs, to be changed from there',
  description: `The folder gets a processor that reads an API page by page, a mapping to an OCSF class with samples, a
stand-in for the API on this machine, tests, documentation and a changelog. It is there whole or not at all.
What is generated from the modules (schemas, reference pages, the README's table) is generated anew.`,
  options: {
    module: { type: 'string', value: '<id>', description: 'Id of the new module: lower-case letters, digits, dashes' },
    name: {
      type: 'string',
      value: '<name>',
      description: 'Name of the product (default: the id with capital letters)',
    },
    runtime: { type: 'string', value: '<r>', description: 'Language of the processor: python (default) or nodejs' },
    class: { type: 'string', value: '<class>', description: `OCSF class of its events (default: ${TEMPLATE_CLASS})` },
  },
  examples: [
    'npm run new-module -- --module okta',
    'npm run new-module -- --module google-workspace --name "Google Workspace" --class api_activity',
    'npm run new-module -- --module okta --runtime nodejs',
  ],
  async run({ values, output, root, callerFolder }) {
    const id = textOption(values, 'module');
    if (id === undefined) throw new Failure(badArguments, { command: 'new-module', why: '--module names the new one' });
    const modulesFolder = join(root, CDK_FOLDER, 'modules');
    const { folder, files } = scaffold({
      modulesFolder,
      id,
      name: textOption(values, 'name'),
      runtime: runtimeOf(values),
      className: textOption(values, 'class') ?? TEMPLATE_CLASS,
      lakeSource: (className) => lakeSourceName(id, className),
    });
    const { mappings } = await loadModule(folder, id);
    const { program } = await loadProgram(mappingFiles(folder, mappings), DEFAULT_OCSF_VERSION);
    updateSamples(runSamples(folder, program).filter(({ expected }) => expected === undefined));
    const generated = staleFiles(root, await generatedFiles(root));
    writeFiles(root, generated);

    const shown = relative(callerFolder, folder) || '.';
    output.object({ module: id, folder: shown, files, generated: [...generated.keys()] });
    output.line(`${output.style.green('made')}  ${shown}, ${files.length} files`);
    for (const file of generated.keys()) output.line(`written  ${file}`);
    output.line();
    output.line('See it run, then check it:');
    output.line(`  npm start -- --module ${id}`);
    output.line(`  npm run module-checklist -- --module ${id}`);
    output.line();
    output.line('Then make it yours, in this order:');
    const steps = [
      ['samples/*.raw.json', 'events as the product sends them'],
      ['mappings/', `what they mean in OCSF; npm run test-mapping -- --module ${id} --update`],
      ['src/lambda/processor/helpers/api.*', 'how the product hands its events out'],
      ['local-source.ts', 'the same API on this machine, for npm start'],
      ['config.ts, README.md', 'what an operator sets; npm run generate renews what depends on it'],
    ] as const;
    for (const [file, what] of steps) output.line(`  ${file.padEnd(36)}${what}`);
    return 0;
  },
});

function runtimeOf(values: OptionValues): Runtime {
  const given = textOption(values, 'runtime') ?? 'python';
  const runtime = RUNTIMES.find((each) => each === given);
  if (runtime) return runtime;
  const why = `--runtime takes ${RUNTIMES.join(' or ')} (is ${given})`;
  throw new Failure(badArguments, { command: 'new-module', why });
}
