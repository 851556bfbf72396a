// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { configNotFound } from '../../errors/config.ts';
import { Failure } from '../../errors/failure.ts';
import type { Deployment } from '../../infra/deployment.ts';
import { configure, loadedModule } from '../../infra/stacks.fixture.ts';
import type { Answer, Ask } from './answer.ts';
import { findingOf, type PreflightItem, preflightItems } from './item.ts';
import { preflight } from './preflight.ts';

const deployment: Deployment = {
  configuration: configure(),
  modules: [loadedModule()],
  problems: [],
  leftOut: [],
};
const AWS: readonly PreflightItem[] = ['account', 'secrets', 'lake'];
const clean = { report: { counts: {}, findings: [] } };
const items = [
  { item: 'readme', title: 'README documents configuration', state: 'ok' },
  { item: 'tests', title: 'Unit tests', state: 'ok' },
];
const answers: Readonly<Record<string, Answer>> = {
  'validate-config': clean,
  'iam-analyzer': clean,
  'security-scan': clean,
  audit: clean,
  generate: { report: { files: 20, stale: [] } },
  'module-checklist': { report: { counts: {}, findings: [], modules: [{ items }] } },
  test: { report: { suites: [{ title: 'Types', passed: true }] } },
};

async function run(changes: Readonly<Record<string, Answer>> = {}, read = async () => deployment) {
  const asked: string[] = [];
  const ask: Ask = async (command, ...args) => {
    asked.push([command, ...args].join(' '));
    return { ...answers, ...changes }[command] ?? { notRun: `there is no command ${command}` };
  };
  const results = await preflight({
    read,
    file: '/here/config.yaml',
    ask,
    leftOut: AWS,
    stage: (_title, work) => work(() => undefined),
  });
  return { asked, results, state: (item: PreflightItem) => results.find((result) => result.item === item)?.state };
}

test('every item of the checklist is there with evidence, in its order', async () => {
  const { asked, results } = await run();

  expect(results.map(({ item }) => item)).toEqual(Object.keys(preflightItems));
  for (const { evidence } of results) expect(evidence.length).toBeGreaterThan(0);
  expect(results.filter(({ state }) => state !== 'ok').map(({ item }) => item)).toEqual(AWS);
  expect(asked).toContain('security-scan --all --config /here/config.yaml');
  expect(asked.filter((line) => line === 'module-checklist --module feeds')).toHaveLength(1);
});

test.each<[string, PreflightItem, Answer, string]>([
  ['validate-config', 'configuration', { report: { findings: [{ level: 'error', message: 'x' }] } }, 'failed'],
  ['validate-config', 'configuration', { report: { findings: [], fragment: true } }, 'failed'],
  ['iam-analyzer', 'iam', { report: { findings: [{ level: 'error', message: 'x' }] } }, 'failed'],
  ['iam-analyzer', 'iam', { notRun: 'there is no such command' }, 'not-checked'],
  ['audit', 'scan', { report: { findings: [{ level: 'not-checked', message: 'x' }] } }, 'not-checked'],
  ['security-scan', 'scan', { report: { findings: [{ level: 'error', message: 'x' }] } }, 'failed'],
  ['generate', 'documentation', { report: { files: 1, stale: ['ERRORS.md'] } }, 'failed'],
  ['generate', 'documentation', { report: {} }, 'not-checked'],
  ['module-checklist', 'documentation', { report: {} }, 'not-checked'],
  ['test', 'tests', { report: { suites: [{ title: 'Types', passed: false }] } }, 'failed'],
  ['test', 'tests', { report: { suites: [] } }, 'not-checked'],
  ['test', 'tests', { notRun: 'killed' }, 'not-checked'],
])('where %s does not say yes, %s is not fine: %j', async (command, item, answer, state) => {
  expect((await run({ [command]: answer })).state(item)).toBe(state);
});

test('an item of the module checklist that fails counts where it belongs', async () => {
  const failing = (item: string) => ({
    report: { modules: [{ items: items.map((each) => (each.item === item ? { ...each, state: 'error' } : each)) }] },
  });

  const readme = await run({ 'module-checklist': failing('readme') });
  expect([readme.state('documentation'), readme.state('modules')]).toEqual(['failed', 'ok']);
  const tests = await run({ 'module-checklist': failing('tests') });
  expect([tests.state('documentation'), tests.state('modules')]).toEqual(['ok', 'failed']);
});

test('a configuration that cannot be read leaves what stands on it unchecked, and stops nothing else', async () => {
  const { state } = await run({}, async () => {
    throw new Failure(configNotFound, { beside: [] });
  });

  expect(state('modules')).toBe('not-checked');
  expect(state('iam')).toBe('ok');
});

test('what is not fine is a finding of its item; not checked is no error', async () => {
  const { results } = await run({ test: { report: { suites: [{ title: 'Types', passed: false }] } } });
  const findings = results.map(findingOf).filter((finding) => finding !== undefined);

  expect(findings.map(({ code, level }) => [code, level])).toEqual([
    ['PRE-ACCOUNT-001', 'not-checked'],
    ['PRE-SECRETS-001', 'not-checked'],
    ['PRE-LAKE-001', 'not-checked'],
    ['PRE-TESTS-001', 'error'],
  ]);
});
