// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineCommand } from '../command.ts';
import { runTool } from '../tool.ts';

export const command = defineCommand({
  summary: 'Type-checks the framework and all modules',
  description: 'The sources run as they are, so there is nothing to compile before a synthesis or a deployment.',
  examples: ['npm run build'],
  async run(context) {
    const args = ['--no-install', 'tsc', '-p', 'tsconfig.json'];
    const code = await context.output.stage('Check the types', () =>
      runTool(context, 'npx', args, { folder: context.root }),
    );
    return code === 0 ? 0 : 1;
  },
});
