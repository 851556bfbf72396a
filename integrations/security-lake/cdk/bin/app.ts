// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { renderProblem } from '../../../../src/config/index.ts';
import { Failure } from '../../../../src/errors/failure.ts';
import { addStacks } from '../../../../src/infra/app.ts';
import { bundleAssets } from '../../../../src/infra/bundle-assets.ts';
import { readDeployment, targetOf } from '../../../../src/infra/deployment.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
// Here rather than in cdk.json, so that the app makes the same templates whatever runs it.
const app = new App({
  context: {
    '@aws-cdk/core:checkSecretUsage': true,
    '@aws-cdk/core:target-partitions': ['aws', 'aws-us-gov'],
  },
});

try {
  const target = targetOf(app.node.tryGetContext('slake:target'), process.env.AWS_ENDPOINT_URL);
  const deployment = await readDeployment({
    configFile: app.node.tryGetContext('configFile'),
    folders: [process.env.INIT_CWD ?? process.cwd(), folder],
    modulesFolder: fileURLToPath(new URL('../modules', import.meta.url)),
  });
  for (const problem of deployment.problems) console.error(renderProblem(problem));
  for (const { failure } of deployment.leftOut) console.error(`${failure.message} It is stopped and left as it is.`);
  addStacks(app, { ...deployment, assets: bundleAssets(deployment.configuration, target) });
  app.synth();
} catch (error) {
  if (!(error instanceof Failure) || error.blame === 'bug') throw error;
  console.error(`${error.code} ${error.message}\n${error.hint}`);
  // Not process.exitCode: the app would still write an assembly of the stacks it has.
  process.exit(1);
}
