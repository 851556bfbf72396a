// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineCommand } from '../command.ts';
import { command as cdk } from './cdk.ts';

export const command = defineCommand({
  ...cdk,
  summary: 'Makes the CloudFormation templates of a configuration',
  description: 'Short for "cdk synth --quiet"; the templates are in cdk.out.',
  examples: ['npm run synth -- -c configFile=config.test.yaml'],
  run: (context) => cdk.run({ ...context, line: ['synth', '--quiet', ...context.line] }),
});
