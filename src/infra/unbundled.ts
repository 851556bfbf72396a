// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { type Configuration, configurationOf, settle } from '../config/configuration.ts';
import type { FunctionRuntime } from '../module/integration-module.ts';
import { configurableModules, type LoadedModule } from '../module/load.ts';
import { addStacks } from './app.ts';
import type { Assets } from './assets.ts';

/** A resource of a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** Where the code of a function would be bundled from. */
export type FunctionCode =
  | {
      readonly kind: 'processor';
      /** Absolute. */
      readonly folder: string;
      readonly handler: string;
      readonly runtime: FunctionRuntime;
    }
  | { readonly kind: 'transformer' }
  | { readonly kind: 'lake-source' };

/** A stack as it would be deployed. */
export interface StackTemplate {
  readonly name: string;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  /** The whole template as JSON text. */
  readonly text: string;
  /** The code of its functions that come from the project, by logical id. */
  readonly code: Readonly<Record<string, FunctionCode>>;
}

/**
 * Stands in for the code of every function, so that templates are made without bundling; writes to `folder`.
 *
 * @param codes takes the code of each function under the hash by which templates name it
 */
export function unbundledAssets(folder: string, codes = new Map<string, FunctionCode>()): Assets {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.mjs'), 'export function handler() {}\n');
  const asset = (code: FunctionCode) => {
    const hash = sha256(JSON.stringify(code));
    // The CDK hashes the hash it is given once more.
    codes.set(sha256(hash), code);
    return { folder, hash };
  };
  return {
    architecture: 'arm64',
    lakeSource: asset({ kind: 'lake-source' }),
    transformer: () => asset({ kind: 'transformer' }),
    processor: ({ folder: own, handler, runtime }) => asset({ kind: 'processor', folder: own, handler, runtime }),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The templates of a deployment, its core stack first; throws the failure of the stacks. */
export function unbundledTemplates(
  configuration: Configuration,
  modules: readonly LoadedModule[],
): readonly StackTemplate[] {
  const work = mkdtempSync(join(tmpdir(), 'slake-templates-'));
  try {
    const app = new App({ outdir: join(work, 'cdk.out'), context: { 'aws:cdk:enable-path-metadata': true } });
    const codes = new Map<string, FunctionCode>();
    addStacks(app, { configuration, modules, assets: unbundledAssets(join(work, 'code'), codes) });
    return app.synth().stacks.map(({ stackName, template }) => {
      const resources = (template as { Resources?: Record<string, TemplateResource> }).Resources ?? {};
      return { name: stackName, resources, text: JSON.stringify(template), code: codeIn(resources, codes) };
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function codeIn(
  resources: Readonly<Record<string, TemplateResource>>,
  codes: ReadonlyMap<string, FunctionCode>,
): Readonly<Record<string, FunctionCode>> {
  return Object.fromEntries(
    Object.entries(resources).flatMap(([id, { Properties }]) => {
      const key = (Properties?.Code as { S3Key?: unknown } | undefined)?.S3Key;
      const code = typeof key === 'string' ? codes.get(key.replace(/\.zip$/, '')) : undefined;
      return code ? [[id, code] as const] : [];
    }),
  );
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
