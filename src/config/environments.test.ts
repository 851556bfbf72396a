// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { demoModules } from './fixtures/demo.ts';
import { loadConfiguration, namedParameters } from './load.ts';
import type { ParameterValues } from './parameters.ts';
import { renderProblem } from './problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'slake-environments-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string, parameters?: ParameterValues) {
  writeFileSync(join(folder, 'c.yaml'), text);
  const { configuration, problems } = loadConfiguration({ file: 'c.yaml', folder, modules: demoModules, parameters });
  return { configuration, lines: problems.map((problem) => renderProblem(problem).split('\n')[0]) };
}

const base = (environment: string) => `environment: ${environment}
awsRegion: eu-central-1
securityLake:
  externalId: example
pipeline:
  logLevel: INFO
  rawRetentionDays: 5
`;

describe('values of an environment', () => {
  const own = `environments:
  dev:
    pipeline:
      logLevel: DEBUG
  staging:
    pipeline:
      rawRetentionDays: 9
`;

  test.each([
    ['dev', 'DEBUG', 5],
    ['staging', 'INFO', 9],
    ['prod', 'INFO', 5],
  ])('count in %s alone, key by key', (environment, logLevel, rawRetentionDays) => {
    const { configuration } = load(base(environment) + own);

    expect(configuration?.pipeline).toMatchObject({ logLevel, rawRetentionDays });
  });

  test('are checked where they are written, for the other environments too', () => {
    const { configuration, lines } = load(`${base('dev')}environments:
  dev:
    pipeline:
      rawRetentionDays: 0
  prod:
    encryption: AWS_OWNED_CMK
    pipline:
      logLevel: INFO
  live: {}
  staging:
    environment: prod
`);

    expect(configuration).toBeUndefined();
    expect(lines).toEqual([
      expect.stringMatching(/^c\.yaml:11:7 environments\.dev\.pipeline\.rawRetentionDays: at least 1 \(is 0\)/),
      expect.stringMatching(
        /^c\.yaml:13:5 environments\.prod\.encryption: environment prod demands CUSTOMER_MANAGED_CMK/,
      ),
      expect.stringMatching(/^c\.yaml:14:5 environments\.prod\.pipline: unknown key/),
      expect.stringMatching(/^c\.yaml:16:3 environments\.live: unknown key/),
      expect.stringMatching(/^c\.yaml:18:5 environments\.staging\.environment: the environment is what decides/),
    ]);
  });
});

/** `${ssm:/name}` */
function ssm(name: string): string {
  return `\${ssm:${name}}`;
}

describe('values of Parameter Store', () => {
  const text = base('dev')
    .replace('example', `'${ssm('/lake/external-id')}'`)
    .replace('rawRetentionDays: 5', `rawRetentionDays: ${ssm('/lake/days')}`);

  test('stand for themselves, numbers as numbers', () => {
    const { configuration, lines } = load(
      text,
      new Map([
        ['/lake/external-id', 'from-store'],
        ['/lake/days', '12'],
      ]),
    );

    expect(lines).toEqual([]);
    expect(configuration).toMatchObject({
      securityLake: { externalId: 'from-store' },
      pipeline: { rawRetentionDays: 12 },
    });
  });

  test('are checked like written ones', () => {
    expect(
      load(
        text,
        new Map([
          ['/lake/external-id', 'x'],
          ['/lake/days', 'many'],
        ]),
      ).lines,
    ).toEqual([
      expect.stringMatching(/^c\.yaml:4:3 securityLake\.externalId: at least 2 characters/),
      expect.stringMatching(/^c\.yaml:7:3 pipeline\.rawRetentionDays: must be /),
    ]);
  });

  test('that are missing, or stand inside of other text, are refused', () => {
    const { lines } = load(text.replace(`'${ssm('/lake/external-id')}'`, `'a-${ssm('/lake/external-id')}'`), new Map());

    expect(lines).toEqual([
      `c.yaml:4:3 securityLake.externalId: ${ssm('/name')} must be the whole value, with a name that begins with a slash`,
      'c.yaml:7:3 pipeline.rawRetentionDays: there is no parameter /lake/days of type String in Parameter Store; a SecureString is not read, since a secret is no configuration',
    ]);
  });

  test('of another environment are neither read nor asked for: they may be those of another account', () => {
    const both = `${text}environments:
  dev:
    awsRegion: us-west-2
  prod:
    securityLake: { externalId: '${ssm('/prod/external-id')}' }
    pipeline: { rawRetentionDays: 0 }
`;
    const { lines } = load(
      both,
      new Map([
        ['/lake/external-id', 'from-store'],
        ['/lake/days', '12'],
      ]),
    );

    expect(lines).toEqual([expect.stringContaining('environments.prod.pipeline.rawRetentionDays: at least 1')]);
    expect(namedParameters({ file: 'c.yaml', folder })).toEqual({
      names: ['/lake/external-id', '/lake/days'],
      region: 'us-west-2',
    });
  });
});
