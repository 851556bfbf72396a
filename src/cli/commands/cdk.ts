// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { badArguments } from '../../errors/cli.ts';
import { Failure } from '../../errors/failure.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { cdkArguments } from '../cdk-arguments.ts';
import { defineCommand } from '../command.ts';
import { runTool } from '../tool.ts';

export const command = defineCommand({
  summary: 'Runs the CDK on the stacks of a configuration',
  description: `The real CDK, with what it needs to be safe here: it takes all stacks of the configuration unless --stack or a
stack name says otherwise, and refuses options it does not know instead of ignoring them.`,
  passThrough: true,
  examples: [
    'cdk diff -c configFile=config.prod.yaml',
    'cdk deploy -c configFile=config.prod.yaml --require-approval broadening',
    'cdk destroy -c configFile=config.prod.yaml --stack security-lake-integration-prod-azure',
  ],
  async run(context) {
    const { root, callerFolder } = context;
    const prepared = cdkArguments(context.line, callerFolder, join(root, CDK_FOLDER));
    if ('why' in prepared) throw new Failure(badArguments, { command: 'cdk', why: prepared.why });
    const code = await runTool(context, 'npx', ['--no-install', 'cdk', ...prepared.args], {
      folder: join(root, CDK_FOLDER),
    });
    return code === 0 ? 0 : 1;
  },
});
