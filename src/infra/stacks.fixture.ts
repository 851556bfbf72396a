// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Configuration, configurationOf, settle } from '../config/configuration.ts';
import { defineModule } from '../module/define-module.ts';
import { z } from '../module/index.ts';
import type { IIntegrationModule } from '../module/integration-module.ts';
import type { LoadedModule } from '../module/load.ts';
import { addStacks } from './app.ts';
import { unbundledAssets } from './unbundled.ts';

/** A module with two processors, so that everything a stack can hold is in it. */
export const feeds = defineModule({
  id: 'feeds',
  name: 'Feeds',
  version: '2.1.0',
  description: 'Two feeds',
  config: z.strictObject({ secretName: z.string().default('feeds-credentials') }),
  processors: ({ secretName }) => [
    { folder: 'src/alerts', handler: 'app.lambda_handler', runtime: 'python', schedule: 'rate(5 minutes)', secretName },
    { source: 'audit', folder: 'src/audit', handler: 'audit.handler', runtime: 'typescript', schedule: 'rate(1 hour)' },
  ],
  permissions: (_config, { partition, region, accountId }) => [
    {
      sid: 'ReadFeed',
      actions: ['sqs:ReceiveMessage'],
      resources: [`arn:${partition}:sqs:${region}:${accountId}:feed`],
    },
  ],
  outputs: () => ({ FeedName: { value: 'feed', description: 'The queue that is read' } }),
});

const folder = mkdtempSync(join(tmpdir(), 'slake-stacks-'));
const assets = unbundledAssets(folder);

/** A valid configuration with every default, changed by `changes`. */
export function configure(changes: Record<string, unknown> = {}): Configuration {
  const written = {
    projectName: 'slake',
    environment: 'dev',
    awsRegion: 'eu-central-1',
    securityLake: { externalId: 'slake-external-id' },
    integrations: { feeds: { enabled: true } },
    ...changes,
  };
  return settle(configurationOf({ feeds: { configSchema: z.unknown() } }).parse(written));
}

export function loadedModule(
  module: IIntegrationModule = feeds,
  classes: readonly string[] = ['detection_finding'],
): LoadedModule {
  return { id: module.moduleId, folder, module, mappings: [], classes };
}

/** The templates of a deployment: its core stack and its only module's stack. */
export function synthesize(configuration = configure(), modules: readonly LoadedModule[] = [loadedModule()]) {
  const app = new App();
  addStacks(app, { configuration, modules, assets });
  const stacks = app.node.children.filter((child): child is Stack => Stack.isStack(child));
  const [core, module] = stacks.map((stack) => Template.fromStack(stack));
  if (!core) throw new Error('no core stack');
  return { app, stacks, core, module: module ?? core };
}
