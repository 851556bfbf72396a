// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { acmeModule } from './acme-module.ts';

test('without any configuration the event log is read every five minutes with the secret acme-credentials', () => {
  expect(acmeModule.validateConfig({})).toEqual({ valid: true, errors: [], warnings: [] });
  expect(acmeModule.processors({})).toMatchObject([
    {
      functionName: 'acme-processor',
      schedule: 'rate(5 minutes)',
      secretName: 'acme-credentials',
      environment: { EVENT_LOG_PAGE_SIZE: '1000' },
    },
  ]);
  expect(acmeModule.getHealthCheckConfig({})).toEqual({
    functions: [{ functionName: 'acme-processor', expectedEveryMinutes: 5 }],
    secrets: ['acme-credentials'],
  });
});

test('an unknown key, a wrong schedule and a wrong start are refused, each at its place', () => {
  const { valid, errors } = acmeModule.validateConfig({
    eventLog: { schedule: 'every 5 minutes', startAt: 'yesterday', sheduled: true },
  });

  expect(valid).toBe(false);
  expect(errors.map(({ path }) => path.join('.')).sort()).toEqual([
    'eventLog',
    'eventLog.schedule',
    'eventLog.startAt',
  ]);
});

test('the start reaches the processor', () => {
  const [processor] = acmeModule.processors({ eventLog: { startAt: '2026-01-01T00:00:00Z' } });

  expect(processor?.environment).toMatchObject({ EVENT_LOG_START_AT: '2026-01-01T00:00:00Z' });
});

test('it asks for no permission beyond what every processor has', () => {
  expect(acmeModule.getRequiredPermissions({})).toEqual([]);
});
