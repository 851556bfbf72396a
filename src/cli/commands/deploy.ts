// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineCommand } from '../command.ts';
import { command as cdk } from './cdk.ts';

export const command = defineCommand({
  ...cdk,
  summary: 'Deploys the stacks of a configuration',
  description: 'Short for "cdk deploy"; "npm run deploy:dev" takes config.dev.yaml.',
  examples: ['npm run deploy -- -c configFile=config.staging.yaml', 'npm run deploy:dev'],
  run: (context) => cdk.run({ ...context, line: ['deploy', ...context.line] }),
});
