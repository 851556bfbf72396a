// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { lakeSourcesOf } from './app.ts';
import { configure, feeds, loadedModule, synthesize } from './stacks.fixture.ts';

test('a deployment is one core stack and one stack per module, named after project and environment', () => {
  expect(synthesize().stacks.map(({ stackName }) => stackName)).toEqual(['slake-dev', 'slake-dev-feeds']);
});

test('the same input gives the same templates', () => {
  const [one, other] = [synthesize(), synthesize()];

  expect(one.core.toJSON()).toEqual(other.core.toJSON());
  expect(one.module.toJSON()).toEqual(other.module.toJSON());
});

test('a module that is not in the configuration is not in the app', () => {
  expect(synthesize(configure({ integrations: {} }), []).stacks).toHaveLength(1);
});

test('module stacks find the core stack through Parameter Store and import nothing', () => {
  const { core, module } = synthesize();

  expect(JSON.stringify(module.toJSON())).not.toContain('Fn::ImportValue');
  expect(JSON.stringify(core.toJSON().Outputs)).not.toContain('"Export"');
  const named = Object.values(module.toJSON().Parameters as Record<string, { Default: string }>).map((p) => p.Default);
  const told = Object.values(core.findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties.Name);
  expect(named.filter((name) => name.startsWith('/slake/')).sort()).toEqual(told.sort());
});

test('the module stack is deployed after the core stack', () => {
  const { app } = synthesize();
  const artifact = app.synth().getStackByName('slake-dev-feeds');

  expect(artifact.dependencies.map(({ id }) => id)).toContain('slake-dev');
});

test.each([
  ['dev', false],
  ['prod', true],
])('in %s termination protection is %s by default, on every stack', (environment, protection) => {
  const { stacks } = synthesize(configure({ environment }));

  expect(stacks.map(({ terminationProtection }) => terminationProtection)).toEqual([protection, protection]);
});

test('termination protection and tags of the configuration reach every stack', () => {
  const { stacks } = synthesize(configure({ terminationProtection: true, tags: { CostCenter: 'security' } }));

  for (const stack of stacks) {
    expect(stack.terminationProtection).toBe(true);
    expect(stack.tags.tagValues()).toEqual({ CostCenter: 'security' });
  }
});

test('no template holds a secret, nor a place for one', () => {
  const { core, module } = synthesize();

  for (const template of [core, module]) {
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(JSON.stringify(template.toJSON())).not.toMatch(/resolve:secretsmanager|SecretString/);
  }
});

test('lake sources are told before anything is deployed', () => {
  expect(lakeSourcesOf([loadedModule(feeds, ['authentication', 'detection_finding'])])).toEqual([
    { moduleId: 'feeds', className: 'authentication', eventClass: 'AUTHENTICATION', name: 'feeds-3002' },
    { moduleId: 'feeds', className: 'detection_finding', eventClass: 'DETECTION_FINDING', name: 'feeds-2004' },
  ]);
});

test('more than 50 lake sources are refused', () => {
  const modules = Array.from({ length: 51 }, (_, index) =>
    loadedModule({ ...feeds, moduleId: `feeds${index}` }, ['authentication']),
  );

  expect(() => synthesize(configure(), modules)).toThrow('51 custom sources');
});

test('a class that Security Lake does not take is refused', () => {
  expect(() => synthesize(configure(), [loadedModule(feeds, ['base_event'])])).toThrow('no event class');
});

test('a stopped module keeps every resource; its schedules, event source and alarm actions are off', () => {
  const running = synthesize();
  const stopped = synthesize(configure({ integrations: { feeds: { enabled: false } } }));

  expect(Object.keys(stopped.module.toJSON().Resources)).toEqual(Object.keys(running.module.toJSON().Resources));
  stopped.module.allResourcesProperties('AWS::Events::Rule', { State: 'DISABLED' });
  stopped.module.allResourcesProperties('AWS::Lambda::EventSourceMapping', { Enabled: false });
  stopped.module.allResourcesProperties('AWS::CloudWatch::Alarm', { ActionsEnabled: false });
  running.module.allResourcesProperties('AWS::Events::Rule', { State: 'ENABLED' });
  running.module.allResourcesProperties('AWS::CloudWatch::Alarm', { ActionsEnabled: true });
});
