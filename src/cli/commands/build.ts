// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import { defineCommand } from '../command.ts';
import { compileMappings } from '../mappings/compile.ts';
import { runTool } from '../tool.ts';

export const command = defineCommand({
  summary: 'Type-checks the framework and all modules, and compiles their mappings',
  description: `The sources run as they are, so there is nothing to compile before a synthesis or a deployment. Mappings are
compiled here to see that they hold in every OCSF version they claim.`,
  examples: ['npm run build'],
  async run(context) {
    const args = ['--no-install', 'tsc', '-p', 'tsconfig.json'];
    const code = await context.output.stage('Check the types', () =>
      runTool(context, 'npx', args, { folder: context.root }),
    );
    if (code !== 0) return 1;
    const failures = await context.output.stage('Compile the mappings', async (say) => {
      const { problems, compiled } = await compileMappings(context.root);
      say(counted(compiled, 'mapping'));
      return problems;
    });
    for (const failure of failures) context.output.line(`${failure.code}  ${failure.message}\n  ${failure.hint}`);
    return failures.length === 0 ? 0 : 1;
  },
});
