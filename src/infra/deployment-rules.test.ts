// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Integration } from '../config/index.ts';
import type { Mapping } from '../contract/index.ts';
import { defineModule } from '../module/define-module.ts';
import { z } from '../module/index.ts';
import type { IIntegrationModule } from '../module/integration-module.ts';
import type { LoadedModule } from '../module/load.ts';
import { deploymentFindings } from './deployment-rules.ts';
import { feeds, loadedModule } from './stacks.fixture.ts';

const polling = defineModule({
  id: 'polling',
  name: 'Polling',
  version: '1.0.0',
  description: 'Asks often',
  config: z.strictObject({ source: z.strictObject({ every: z.string() }) }),
  processors: ({ source }) => [
    { folder: 'src', handler: 'app.handler', runtime: 'python', schedule: source.every, timeoutSeconds: 120 },
  ],
});

function found(module: LoadedModule, own: Partial<Integration> = {}, ocsfVersion = '1.3.0') {
  const integrations = { [module.id]: { enabled: true, config: {}, ...own } };
  return deploymentFindings([module], { integrations, ocsfVersion }).map(({ code, level, path, message }) => ({
    code,
    level,
    path: path.join('.'),
    message,
  }));
}

function withMappings(...versions: readonly Mapping['versions'][]): LoadedModule {
  const mappings = versions.map((claimed, at) => ({
    file: `${at}.ts`,
    exportName: `mapping${at}`,
    mapping: { stream: 's', class: 'detection_finding', versions: claimed } as unknown as Mapping,
  }));
  return { ...loadedModule(), mappings };
}

test('a module with nothing doubtful has no findings', () => {
  expect(found(loadedModule())).toEqual([]);
});

test.each([
  ['rate(1 minute)', true],
  ['rate(2 minutes)', false],
  ['cron(* * * * ? *)', true],
  ['cron(0/2 * * * ? *)', false],
])('the schedule %s with a timeout of two minutes is told at its key: %s', (every, isTold) => {
  const told = found(loadedModule(polling), { config: { source: { every } } });

  expect(told.map(({ level, path }) => [level, path])).toEqual(
    isTold ? [['warning', 'integrations.polling.config.source.every']] : [],
  );
});

test('an OCSF version that not every mapping is made for is an error, where it was chosen', () => {
  const module = withMappings(undefined, ['1.1.0']);

  expect(found(module)).toEqual([]);
  expect(found(module, {}, '1.1.0')).toMatchObject([
    { level: 'error', path: 'securityLake.ocsfVersion', message: expect.stringContaining('mapping0') },
  ]);
  expect(found(module, { ocsfVersion: '1.1.0' })).toMatchObject([
    { level: 'error', path: 'integrations.feeds.ocsfVersion' },
  ]);
  expect(found(withMappings(['1.1.0']), {}, '1.1.0')).toEqual([]);
});

test('more than fifty lake sources are an error', () => {
  const classes = Array.from({ length: 51 }, () => 'detection_finding');

  expect(found({ ...loadedModule(), classes })).toMatchObject([
    { code: 'SLK-INFRA-002', level: 'error', path: 'integrations' },
  ]);
});

test('what a module written by hand warns of is told at its key', () => {
  const module: IIntegrationModule = {
    moduleId: 'hand',
    moduleName: 'Hand',
    moduleVersion: '1.0.0',
    moduleDescription: 'Written by hand',
    validateConfig: () => ({ valid: true, errors: [], warnings: [{ path: ['old'], message: 'goes away in 2.0.0' }] }),
    createResources: feeds.createResources,
    getRequiredPermissions: () => [],
  };

  expect(found(loadedModule(module))).toMatchObject([
    { level: 'warning', path: 'integrations.hand.config.old', message: 'goes away in 2.0.0' },
  ]);
});
