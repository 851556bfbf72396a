// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { type Configuration, configurationOf, settle } from '../../config/configuration.ts';
import { parseConfiguration } from '../../config/index.ts';
import { addStacks } from '../../infra/app.ts';
import type { Assets } from '../../infra/assets.ts';
import { configurableModules, type LoadedModule } from '../../module/load.ts';
import type { StackTemplate, TemplateResource } from './template.ts';

/**
 * The templates of a deployment of one module: its core stack and its own. Functions are not bundled for it.
 * Throws the failure of the configuration or of the stacks.
 *
 * @param configFile absolute; where it does not configure the module, the module's defaults are taken
 */
export function synthesizeModule(loaded: LoadedModule, configFile: string): readonly StackTemplate[] {
  const work = mkdtempSync(join(tmpdir(), 'slake-templates-'));
  try {
    const code = join(work, 'code');
    mkdirSync(code);
    writeFileSync(join(code, 'index.mjs'), 'export function handler() {}\n');
    const app = new App({ outdir: join(work, 'cdk.out'), context: { 'aws:cdk:enable-path-metadata': true } });
    addStacks(app, { configuration: configure(loaded, configFile), modules: [loaded], assets: unbundled(code) });
    return app.synth().stacks.map(({ stackName, template }) => ({
      name: stackName,
      resources: (template as { Resources?: Record<string, TemplateResource> }).Resources ?? {},
      text: JSON.stringify(template),
    }));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function unbundled(folder: string): Assets {
  const asset = { folder, hash: 'a'.repeat(64) };
  return { architecture: 'arm64', lakeSource: asset, transformer: () => asset, processor: () => asset };
}

function configure(loaded: LoadedModule, configFile: string): Configuration {
  const modules = configurableModules({ modules: [loaded], broken: [] });
  if (existsSync(configFile) && namesModule(configFile, loaded.id)) {
    const { configuration } = parseConfiguration({ file: resolve(configFile), folder: '.', modules });
    const own = configuration.integrations[loaded.id];
    if (own) return { ...configuration, integrations: { [loaded.id]: own } };
  }
  return settle(
    configurationOf(modules).parse({
      environment: 'dev',
      awsRegion: 'us-east-1',
      securityLake: { externalId: 'scanned' },
      integrations: { [loaded.id]: { enabled: true } },
    }),
  );
}

function namesModule(configFile: string, id: string): boolean {
  const written: unknown = parse(readFileSync(configFile, 'utf8'));
  const integrations = (written as { integrations?: Record<string, unknown> } | null)?.integrations;
  return integrations !== undefined && integrations !== null && id in integrations;
}
