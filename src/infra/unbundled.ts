// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { type Configuration, configurationOf, settle } from '../config/configuration.ts';
import { configurableModules, type LoadedModule } from '../module/load.ts';
import { addStacks } from './app.ts';
import type { Assets } from './assets.ts';

/** A resource of a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** A stack as it would be deployed. */
export interface StackTemplate {
  readonly name: string;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  /** The whole template as JSON text. */
  readonly text: string;
}

/** Stands in for the code of every function, so that templates are made without bundling; writes to `folder`. */
export function unbundledAssets(folder: string): Assets {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.mjs'), 'export function handler() {}\n');
  const asset = { folder, hash: 'a'.repeat(64) };
  return { architecture: 'arm64', lakeSource: asset, transformer: () => asset, processor: () => asset };
}

/** The templates of a deployment, its core stack first; throws the failure of the stacks. */
export function unbundledTemplates(
  configuration: Configuration,
  modules: readonly LoadedModule[],
): readonly StackTemplate[] {
  const work = mkdtempSync(join(tmpdir(), 'slake-templates-'));
  try {
    const app = new App({ outdir: join(work, 'cdk.out'), context: { 'aws:cdk:enable-path-metadata': true } });
    addStacks(app, { configuration, modules, assets: unbundledAssets(join(work, 'code')) });
    return app.synth().stacks.map(({ stackName, template }) => ({
      name: stackName,
      resources: (template as { Resources?: Record<string, TemplateResource> }).Resources ?? {},
      text: JSON.stringify(template),
    }));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A configuration that deploys one module and nothing else; `config` is that of the module, its defaults without it. */
export function configurationForOne(loaded: LoadedModule, config?: unknown): Configuration {
  const schema = configurationOf(configurableModules({ modules: [loaded], broken: [] }));
  return settle(
    schema.parse({
      environment: 'dev',
      awsRegion: 'us-east-1',
      securityLake: { externalId: 'unbundled' },
      integrations: { [loaded.id]: { enabled: true, ...(config === undefined ? {} : { config }) } },
    }),
  );
}
