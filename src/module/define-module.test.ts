// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineModule, isDefinedModule, type ModuleDefinition } from './define-module.ts';

const Config = z.strictObject({
  schedule: z.string().default('rate(5 minutes)'),
  feeds: z
    .array(
      z.strictObject({
        name: z.string(),
        url: z.string().optional().meta({ deprecated: true, description: 'use name' }),
      }),
    )
    .default([{ name: 'main' }]),
  interval: z.int().optional().meta({ deprecated: true, description: 'use schedule' }),
});

function define(changes: Partial<ModuleDefinition<typeof Config>> = {}) {
  return defineModule({
    id: 'example',
    name: 'Example',
    version: '1.0.0',
    description: 'An example',
    config: Config,
    processors: ({ feeds, schedule }) =>
      feeds.map(({ name }) => ({ source: name, folder: 'src', handler: 'app.handler', runtime: 'python', schedule })),
    ...changes,
  });
}

test('the definition becomes a module with the four texts of the interface', () => {
  const module = define();

  expect(module).toMatchObject({ moduleId: 'example', moduleName: 'Example', moduleVersion: '1.0.0' });
  expect(isDefinedModule(module)).toBe(true);
});

test('validateConfig names the path of each error and warns of deprecated keys, at every depth', () => {
  const { valid, errors, warnings } = define().validateConfig({ feeds: [{ name: 1, url: 'x' }], interval: 5 });

  expect(valid).toBe(false);
  expect(errors.map(({ path }) => path)).toEqual([['feeds', 0, 'name']]);
  expect(warnings).toEqual([
    { path: ['feeds', 0, 'url'], message: 'is deprecated: use name' },
    { path: ['interval'], message: 'is deprecated: use schedule' },
  ]);
});

test('a deprecated key alone leaves the configuration valid', () => {
  expect(define().validateConfig({ interval: 5 }).valid).toBe(true);
});

test('the first processor has the plain name, further ones carry their source', () => {
  const processors = define().processors({ feeds: [{ name: 'alerts' }, { name: 'flow-logs' }] });

  expect(processors.map(({ functionName }) => functionName)).toEqual([
    'example-processor',
    'example-flow-logs-processor',
  ]);
});

test.each([
  ['two sources of one name', { feeds: [{ name: 'a' }, { name: 'b' }, { name: 'b' }] }, 'same source name'],
  ['no processor at all', { feeds: [] }, 'gives no processor'],
  ['a schedule in the wrong number', { schedule: 'rate(1 minutes)' }, 'neither rate'],
])('%s is an error of the configuration', (_what, config, message) => {
  const { valid, errors } = define().validateConfig(config);

  expect(valid).toBe(false);
  expect(errors.map((error) => error.message).join()).toContain(message);
});

test('permissions become statements with Sid; wildcards are refused', () => {
  const permission = { sid: 'ReadFeed', actions: ['sqs:ReceiveMessage'], resources: ['arn:aws:sqs:eu-west-1:1:feed'] };
  const [statement] = define({ permissions: () => [permission] }).getRequiredPermissions();

  expect(statement?.toStatementJson()).toMatchObject({ Sid: 'ReadFeed', Action: 'sqs:ReceiveMessage' });
  const regions = {
    sid: 'ListRegions',
    actions: ['ec2:DescribeRegions'],
    resources: ['*'],
    anyResource: 'it knows none',
  };
  const [every] = define({ permissions: () => [regions] }).getRequiredPermissions();
  expect(every?.toStatementJson()).toMatchObject({ Action: 'ec2:DescribeRegions', Resource: '*' });
  const wrongs = [
    { actions: ['sqs:*'] },
    { resources: ['*'] },
    { resources: ['*'], anyResource: ' ' },
    { sid: 'my-feed' },
  ];
  for (const wrong of wrongs) {
    const module = define({ permissions: () => [{ ...permission, ...wrong }] });
    expect(() => module.getRequiredPermissions()).toThrow('is wrong');
  }
});

test('a definition that could never work is refused at once, with every reason', () => {
  const loose = z.object({ nested: z.object({ a: z.string() }) });
  const wrong = { id: 'My_Module', version: '1', config: loose as never, processors: () => [] };

  expect(() => define(wrong)).toThrow(/lower case.*no semantic version.*\(the whole\).*nested/s);
});

test('an invalid configuration is told, not deployed', () => {
  expect(() => define().processors({ schedule: 5 })).toThrow('schedule');
});
