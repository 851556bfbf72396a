// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { azure } from './azure-module.ts';

test('without any configuration the event hub is read every five minutes with the secret azure-credentials', () => {
  expect(azure.validateConfig({})).toEqual({ valid: true, errors: [], warnings: [] });
  expect(azure.processors({})).toMatchObject([
    {
      functionName: 'azure-processor',
      schedule: 'rate(5 minutes)',
      secretName: 'azure-credentials',
      environment: { EVENT_HUB_STARTING_POSITION: 'earliest' },
    },
  ]);
  expect(azure.getHealthCheckConfig({})).toEqual({
    functions: [{ functionName: 'azure-processor', expectedEveryMinutes: 5 }],
    secrets: ['azure-credentials'],
  });
});

test('an unknown key, a wrong schedule and a wrong start are refused, each at its place', () => {
  const { valid, errors } = azure.validateConfig({
    eventHub: { schedule: 'every 5 minutes', startingPosition: 'yesterday', sheduled: true },
  });

  expect(valid).toBe(false);
  expect(errors.map(({ path }) => path.join('.')).sort()).toEqual([
    'eventHub',
    'eventHub.schedule',
    'eventHub.startingPosition',
  ]);
});

test('a consumer group reaches the processor', () => {
  const [processor] = azure.processors({ eventHub: { consumerGroup: 'security-lake' } });

  expect(processor?.environment).toMatchObject({ EVENT_HUB_CONSUMER_GROUP: 'security-lake' });
});

test('it asks for no permission beyond what every processor has', () => {
  expect(azure.getRequiredPermissions({})).toEqual([]);
});

test('removing it names the secret, the checkpoints and the exports in Azure as left behind', () => {
  expect(azure.cleanup({}).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'secret azure-credentials',
    'checkpoints azure#',
    'raw-objects raw/azure/',
    'lake-objects ext/azure-*',
    'source-cloud Azure exports',
  ]);
});
