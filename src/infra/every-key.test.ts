// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, expect, test } from 'vitest';
import { type Configuration, configurationOf, settle } from '../config/configuration.ts';
import { type KeyPath, renderPath } from '../config/problem.ts';
import { isGroupShape, keysOf, type Shape, shapeOf } from '../config/shape.ts';
import { valueAt } from '../config/value.ts';
import { configurableModules, findModules, loadModules } from '../module/load.ts';
import { addStacks } from './app.ts';
import { bundleAssets } from './bundle-assets.ts';
import { unbundledAssets } from './unbundled.ts';

const MODULES = join(import.meta.dirname, '..', '..', 'integrations', 'security-lake', 'cdk', 'modules');
const work = mkdtempSync(join(tmpdir(), 'slake-every-key-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const unbundled = unbundledAssets(work);

const found = await loadModules(MODULES);
// Which versions a mapping is made for is its author's matter; here each takes the version it is told.
const loaded = {
  ...found,
  modules: found.modules.map((module) => ({
    ...module,
    mappings: module.mappings.map((one) => ({
      ...one,
      mapping: { ...one.mapping, versions: ['1.1.0', '1.3.0'] as const },
    })),
  })),
};
const modules = configurableModules(loaded);
const schema = configurationOf(modules);
const shape = shapeOf(schema);

const base = {
  projectName: 'slake',
  environment: 'dev',
  awsRegion: 'eu-central-1',
  securityLake: { externalId: 'slake-external-id' },
  integrations: Object.fromEntries(findModules(MODULES).map((id) => [id, { enabled: true }])),
};

/** Values that no rule of the schema leads to. */
const otherValues: Readonly<Record<string, unknown>> = {
  projectName: 'another-name',
  'securityLake.externalId': 'another-external-id',
};

/** Keys whose effect is not in a template; the test that shows it stands beside. */
const elsewhere: Readonly<Record<string, string>> = {
  'integrations.<id>.package': 'which module is loaded: src/module/load.test.ts',
};

/** Every key that holds a value, of the project and of every module. */
const keys = keysOf(shape)
  .filter(({ path, shape: own }) => !isGroupShape(own) && !path.includes(0))
  .filter(({ path }) => !(renderPath(path).replace(/^integrations\.[^.]+/, 'integrations.<id>') in elsewhere));

function templates(written: unknown): string {
  const configuration: Configuration = settle(schema.parse(written));
  const { transformer } = bundleAssets(configuration, 'aws');
  const app = new App();
  // Transformers are bundled, since what they hold follows from the configuration; the others are the same for all.
  addStacks(app, {
    configuration,
    modules: loaded.modules,
    assets: { ...unbundled, transformer },
  });
  const { stacks } = app.synth();
  return JSON.stringify(
    stacks.map(({ stackName, environment, tags, terminationProtection, template }) => ({
      stackName,
      environment,
      tags,
      terminationProtection,
      template,
    })),
  );
}

/** Values that the shape allows, tried in turn until one is valid and another than now. */
function candidates(path: KeyPath, own: Shape): readonly unknown[] {
  const flat = [own, ...(own.anyOf ?? []), ...(own.oneOf ?? [])];
  return [
    otherValues[renderPath(path)],
    ...flat.flatMap(({ examples = [] }) => examples),
    ...flat.flatMap(({ enum: choices = [] }) => choices),
    ...flat.flatMap(({ minimum, maximum, multipleOf = 1 }) =>
      [minimum, maximum, typeof minimum === 'number' ? minimum + multipleOf : undefined].filter(
        (value) => value !== undefined,
      ),
    ),
    ...(own.type === 'boolean' ? [true, false] : []),
    ...(own.type === 'string' ? ['another', 'rate(7 minutes)', '2026-01-01T00:00:00Z'] : []),
  ].filter((value) => value !== undefined);
}

function withValue(data: unknown, [key, ...rest]: KeyPath, value: unknown): unknown {
  if (key === undefined) return value;
  const group = (data ?? {}) as Readonly<Record<string, unknown>>;
  return { ...group, [key]: withValue(group[String(key)], rest, value) };
}

function changed(path: KeyPath, own: Shape): unknown {
  const now = JSON.stringify(valueAt(schema.parse(base), path));
  for (const value of candidates(path, own)) {
    const written = withValue(base, path, value);
    if (JSON.stringify(value) !== now && schema.safeParse(written).success) return written;
  }
  throw new Error(`no other value is known for ${renderPath(path)}: add one to otherValues`);
}

const before = templates(base);

test('the same configuration gives the same templates', () => {
  expect(templates(base)).toBe(before);
});

test.each(keys.map(({ path, shape: own }) => [renderPath(path), path, own] as const))(
  '%s has an effect on what is deployed',
  (_name, path, own) => {
    expect(templates(changed(path, own))).not.toBe(before);
  },
);
