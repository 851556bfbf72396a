// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { defineCommand } from '../command.ts';
import { runTool } from '../tool.ts';

export const command = defineCommand({
  summary: 'Measures the pipeline and writes a report to bench/',
  description: `Raw objects of Defender alerts through the whole transformer, each stage alone, other writers on the same rows,
the cold start of the bundled transformer, and the collector. Each measurement has a process of its own. It is a report,
not a test: its exit code is 0 whatever the figures. Rates per processor second leave out what else the machine did.`,
  options: {
    quick: { type: 'boolean', description: 'A tenth of the events; the kept report stays as it is' },
    million: { type: 'boolean', description: 'Also one raw object of a million events' },
  },
  examples: ['npm run bench', 'npm run bench -- --million', 'npm run bench -- --quick --json'],
  async run(context) {
    const args = ['--disable-warning=ExperimentalWarning', join(context.root, 'bench', 'run.ts'), ...context.line];
    return (await runTool(context, process.execPath, args, { folder: context.root })) === 0 ? 0 : 2;
  },
});
