// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { configurationOf, settle } from '../config/configuration.ts';
import { shapeOf } from '../config/shape.ts';
import { addStacks } from '../infra/app.ts';
import type { Assets } from '../infra/assets.ts';
import { moduleStackName } from '../infra/core-parameters.ts';
import { isDefinedModule } from '../module/define-module.ts';
import { configurableModules, type LoadedModule } from '../module/load.ts';
import { smallestConfig } from './violations.ts';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** The resources of a module's stack with its smallest configuration; functions are not bundled for it. */
export function moduleTemplate(loaded: LoadedModule): {
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly config: unknown;
} {
  const work = mkdtempSync(join(tmpdir(), 'slake-stack-'));
  const folder = join(work, 'code');
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.mjs'), 'export function handler() {}\n');
    const asset = { folder, hash: 'a'.repeat(64) };
    const assets: Assets = {
      architecture: 'arm64',
      lakeSource: asset,
      transformer: () => asset,
      processor: () => asset,
    };
    const config = isDefinedModule(loaded.module) ? smallestConfig(shapeOf(loaded.module.config)) : {};
    const configuration = settle(
      configurationOf(configurableModules({ modules: [loaded], broken: [] })).parse({
        environment: 'dev',
        awsRegion: 'us-east-1',
        securityLake: { externalId: 'checked' },
        integrations: { [loaded.id]: { enabled: true, config } },
      }),
    );
    const app = new App({ outdir: join(work, 'cdk.out') });
    addStacks(app, { configuration, modules: [loaded], assets });
    const stack = app.node.findChild(moduleStackName(configuration, loaded.id)) as Stack;
    const { template } = app.synth().getStackByName(stack.stackName) as {
      template: { Resources: Record<string, TemplateResource> };
    };
    return { resources: template.Resources, config };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
