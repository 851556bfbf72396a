// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { configInvalid } from '../errors/config.ts';
import { Failure } from '../errors/failure.ts';
import { demoModules, wholeConfiguration } from './fixtures/demo.ts';
import { loadConfiguration, namedPackages, parseConfiguration } from './load.ts';
import { renderProblem } from './problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'slake-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string | Uint8Array, file = 'config.dev.yaml') {
  writeFileSync(join(folder, file), text);
  return loadConfiguration({ file, folder, modules: demoModules });
}

/** The problems as a person sees them, without the hints. */
function report(text: string): string[] {
  return load(text).problems.map((problem) => renderProblem(problem).split('\n')[0] ?? '');
}

function hintOf(text: string): string | undefined {
  return load(text).problems[0]?.hint;
}

const required = 'environment: dev\nawsRegion: us-east-1\nsecurityLake: {externalId: example}\n';

describe('a valid configuration', () => {
  it('gets every default', () => {
    const { configuration, problems } = load(`${required}integrations:\n  demo:\n    enabled: true\n`);

    expect(problems).toEqual([]);
    expect(configuration).toMatchObject({
      projectName: 'security-lake-integration',
      encryption: 'CUSTOMER_MANAGED_CMK',
      terminationProtection: false,
      tags: {},
      securityLake: { ocsfVersion: '1.3.0' },
      pipeline: { rawRetentionDays: 30, rejectedRetentionDays: 90, logLevel: 'INFO' },
      monitoring: { alarms: { enabled: true, emails: [] }, dashboard: { enabled: true }, logRetentionDays: 90 },
      integrations: { demo: { enabled: true, config: { batchSize: 500, schedule: 'rate(5 minutes)' } } },
    });
  });

  it('is taken as written where every key is written', () => {
    const { configuration, problems } = load(stringify(wholeConfiguration));

    expect(problems).toEqual([]);
    expect(configuration).toEqual(wholeConfiguration);
  });

  it('protects the stacks of production by itself', () => {
    const { configuration } = load(required.replace('dev', 'prod'));

    expect(configuration?.terminationProtection).toBe(true);
  });

  it('deploys no module that is not listed', () => {
    expect(load(required).configuration?.integrations).toEqual({});
  });

  it('may use anchors and aliases', () => {
    const text = `${required}pipeline: {rawRetentionDays: &days 30, rejectedRetentionDays: *days}\n`;

    expect(load(text).configuration?.pipeline.rejectedRetentionDays).toBe(30);
  });

  it('may have a byte order mark and Windows line ends', () => {
    expect(load(`\uFEFF${required.replaceAll('\n', '\r\n')}`).problems).toEqual([]);
  });
});

describe('problems', () => {
  it('are reported all at once, with the position of their key', () => {
    const text = `projectName: Bad_Name
environmnt: prod
awsRegion: us-esat-1
accountId: 012345678901
integrations:
  demo:
    enabled: yes
    batchSize: 5
    config:
      batchSize: 20000
      startingPosition: newest
      pollers:
        - name: ''
          thread: 2
  azur:
    enabled: true
`;

    expect(report(text)).toEqual([
      'config.dev.yaml:1:1 projectName: must be 2 to 41 small letters, digits and hyphens, beginning with a letter (is "Bad_Name")',
      'config.dev.yaml:1:1 securityLake: is missing: a group of keys',
      'config.dev.yaml:1:1 monitoring.alarms.emails: warning: no address is given, so alarms of production change colour and tell nobody',
      'config.dev.yaml:2:1 environmnt: unknown key, did you mean environment?',
      'config.dev.yaml:3:1 awsRegion: must be one of 36 allowed values (is "us-esat-1")',
      'config.dev.yaml:4:1 accountId: must be text (is the number 012345678901)',
      'config.dev.yaml:7:5 integrations.demo.enabled: must be true or false (is "yes")',
      'config.dev.yaml:8:5 integrations.demo.batchSize: unknown key',
      'config.dev.yaml:10:7 integrations.demo.config.batchSize: at most 10000 (is 20000)',
      'config.dev.yaml:11:7 integrations.demo.config.startingPosition: must be one of earliest, latest (is "newest")',
      'config.dev.yaml:13:11 integrations.demo.config.pollers[0].name: at least 1 characters (has 0)',
      'config.dev.yaml:14:11 integrations.demo.config.pollers[0].thread: unknown key, did you mean threads?',
      'config.dev.yaml:15:3 integrations.azur: there is no such module',
    ]);
  });

  it('are found below misspelt keys, as if they were named rightly', () => {
    const text = `${required.replace('dev', 'prod').replace('environment', 'enviroment')}
integration:
  dem:
    enabled: yes
    config:
      batchSze: 20000
      pollers: [{name: a, thraeds: many}]
environmets:
  prod: {pipelin: {logLevl: LOUD}}
  stagng: {}
`;

    expect(report(text)).toEqual([
      'config.dev.yaml:1:1 enviroment: unknown key, did you mean environment?',
      'config.dev.yaml:1:1 monitoring.alarms.emails: warning: no address is given, so alarms of production change colour and tell nobody',
      'config.dev.yaml:5:1 integration: unknown key, did you mean integrations?',
      'config.dev.yaml:6:3 integration.dem: there is no such module, did you mean demo?',
      'config.dev.yaml:7:5 integration.dem.enabled: must be true or false (is "yes")',
      'config.dev.yaml:9:7 integration.dem.config.batchSze: unknown key, did you mean batchSize?',
      'config.dev.yaml:9:7 integration.dem.config.batchSze: at most 10000 (is 20000)',
      'config.dev.yaml:10:27 integration.dem.config.pollers[0].thraeds: unknown key, did you mean threads?',
      'config.dev.yaml:10:27 integration.dem.config.pollers[0].thraeds: must be a whole number (is "many")',
      'config.dev.yaml:11:1 environmets: unknown key, did you mean environments?',
      'config.dev.yaml:12:10 environmets.prod.pipelin: unknown key, did you mean pipeline?',
      'config.dev.yaml:12:20 environmets.prod.pipelin.logLevl: unknown key, did you mean logLevel?',
      'config.dev.yaml:12:20 environmets.prod.pipelin.logLevl: must be one of DEBUG, INFO, WARN, ERROR (is "LOUD")',
      'config.dev.yaml:13:3 environmets.stagng: unknown key, did you mean staging?',
    ]);
  });

  it('of two keys that may mean the same, one is taken for it', () => {
    expect(report(`${required}pipelin: {logLevel: LOUD}\npipelne: {logLevel: LOUD}\n`)).toEqual([
      'config.dev.yaml:4:1 pipelin: unknown key, did you mean pipeline?',
      'config.dev.yaml:4:11 pipelin.logLevel: must be one of DEBUG, INFO, WARN, ERROR (is "LOUD")',
      'config.dev.yaml:5:1 pipelne: unknown key',
    ]);
  });

  it('are secrets also under keys that may mean another one', () => {
    const config = 'integrations: {demo: {enabled: true, config: {credentialsSecret: hunter-two}}}\n';

    expect(report(`${required}${config}`)).toEqual([
      'config.dev.yaml:4:47 integrations.demo.config.credentialsSecret: unknown key, did you mean credentialsSecretName?',
      'config.dev.yaml:4:47 integrations.demo.config.credentialsSecret: holds what its name calls a secret: secrets are named, not written here',
    ]);
  });

  it('show no value of a key that names a secret, whatever key it may mean', () => {
    const text = `${required}accountKey: hunter-two
encryptionKey: hunter-three
tag: {password: hunter-four}
`;
    const { problems } = load(text);

    expect(problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['accountKey', 'encryptionKey', 'tag', 'tag.password']),
    );
    expect(JSON.stringify(problems)).not.toContain('hunter');
  });

  it.each([
    ['environmnt: prod', ['environmnt: unknown key']],
    [
      'pipeline: {deadLetterRetentionDays: 10, deadLetterRetentionDay: 40000}',
      ['pipeline.deadLetterRetentionDay: unknown key'],
    ],
    [
      'pipeline: {rawRetentionDaay: 0, rawRetentionDay: 0}',
      [
        'pipeline.rawRetentionDaay: unknown key',
        'pipeline.rawRetentionDay: unknown key, did you mean rawRetentionDays?',
        'pipeline.rawRetentionDay: at least 1 (is 0)',
      ],
    ],
    ['bar: 1\nbar: 2', ['bar: unknown key', 'bar: is written twice (first in line 4)']],
    ['foo: {1: x}', ['foo: the key 1 is no text', 'foo: unknown key']],
  ])('of %s guess no key that is written, nor the less near one', (line, told) => {
    const found = report(`${required}${line}\n`).map((text) => text.replace(/^\S+ /, ''));

    expect(found.toSorted()).toEqual(told.toSorted());
  });

  it('across modules are told with the keys as they are written', () => {
    const loaded = load(`${required}integratons: {dem: {enabled: true}}\n`);

    expect(loaded.locate(['integrations', 'demo', 'enabled'])).toEqual({
      file: 'config.dev.yaml',
      line: 4,
      column: 21,
      path: 'integratons.dem.enabled',
    });
  });

  it('keep no module that is configured rightly from rules that ask more than a schema', () => {
    const text = `${required.replace('us-east-1', 'mars')}integrations:
  demo: {enabled: true, config: {batchSize: 7}}
`;
    const broken = text.replace('7', '0');

    expect(load(text)).toMatchObject({
      configuration: undefined,
      configured: { ocsfVersion: '1.3.0', integrations: { demo: { enabled: true, config: { batchSize: 7 } } } },
    });
    expect(load(broken).configured.integrations).toEqual({});
    expect(load(text.replace('externalId', 'ocsfVersion: 9, externalId')).configured.ocsfVersion).toBeUndefined();
  });

  it('say what to do', () => {
    expect(hintOf(`${required}accountId: 012345678901\n`)).toBe("put it in quotes: '012345678901'");
    expect(hintOf(`${required}terminationProtection: no\n`)).toBe('write false');
    expect(hintOf(`${required}pipeline: {rawRetentionDays: '30'}\n`)).toBe('write it without quotes');
    expect(hintOf(required.replace('us-east-1', 'us-esat-1'))).toBe('did you mean us-east-1?');
    expect(hintOf(required.replace('us-east-1', 'mars'))).toMatch(/^allowed: af-south-1, .* us-west-2$/);
    expect(hintOf(`${required}monitoring: {logRetentionDays: 31}\n`)).toBe('did you mean 30?');
    expect(hintOf(`${required}logLevel: INFO\n`)).toBe('it belongs to pipeline');
    expect(hintOf(`${required}integrations: {demo2: {enabled: true}}\n`)).toBe('modules: demo');
    expect(hintOf(`${required}integrations: {demo: {enabled: true, ocsfVersion: 1.8.0}}\n`)).toMatch(
      /^Security Lake takes OCSF 1\.3 and earlier/,
    );
  });

  it('keep the number that was written, octal or with leading zeros', () => {
    expect(report(`${required}accountId: 0o17\n`)[0]).toContain('is the number 0o17');
    expect(report(`${required}accountId: 000123456789\n`)[0]).toContain('is the number 000123456789');
  });

  it('of keys without a value name what is expected', () => {
    expect(report(`${required}pipeline:\n  # rawRetentionDays: 3\nmonitoring:\n  dashboard:\n`)).toEqual([
      'config.dev.yaml:4:1 pipeline: has no value: a group of keys',
      'config.dev.yaml:7:3 monitoring.dashboard: has no value: a group of keys',
    ]);
  });

  it('of a missing key stand at the group that misses it', () => {
    const text = `environment: dev\nawsRegion: us-east-1\npipeline: {}\nsecurityLake:\n  ocsfVersion: 1.3.0\n`;

    expect(report(text)).toEqual([
      'config.dev.yaml:4:1 securityLake.externalId: is missing: text, 2 to 1224 characters, only letters, digits and _ + = , . @ : / - are allowed',
    ]);
  });

  it('of tags follow the limits of AWS', () => {
    const many = Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`t${index}`, 'x']));

    expect(report(`${required}tags:\n  aws:owner: me\n  Cost: a{b}\n  ${'k'.repeat(129)}: x\n  Year: 2026\n`)).toEqual([
      'config.dev.yaml:5:3 tags["aws:owner"]: the name: only letters, digits, spaces and _ . : / = + - @ are allowed, and no aws: in front (is "aws:owner")',
      'config.dev.yaml:6:3 tags.Cost: only letters, digits, spaces and _ . : / = + - @ are allowed (is "a{b}")',
      `config.dev.yaml:7:3 tags["${'k'.repeat(57)}..."]: the name: at most 128 characters (has 129)`,
      'config.dev.yaml:8:3 tags.Year: must be text (is the number 2026)',
    ]);
    expect(report(stringify({ ...wholeConfiguration, tags: many }))).toEqual([
      'config.dev.yaml:5:1 tags: at most 40 tags',
    ]);
  });

  it('of a choice of shapes are those of the nearest shape', () => {
    const config = (lines: string) =>
      report(`${required}integrations:\n  demo:\n    enabled: true\n    config:\n${lines}`);

    expect(config('      window: true\n')).toEqual([
      'config.dev.yaml:8:7 integrations.demo.config.window: must be text or a whole number (is true)',
    ]);
    expect(config('      mode: {kind: pul}\n')).toEqual([
      'config.dev.yaml:8:14 integrations.demo.config.mode.kind: must be one of pull, push (is "pul")',
    ]);
    expect(config('      mode: {kind: pull, interval: 0}\n')).toEqual([
      'config.dev.yaml:8:26 integrations.demo.config.mode.interval: at least 1 (is 0)',
    ]);
    expect(config('      mode: {kind: push, intervall: 1}\n')).toEqual([
      'config.dev.yaml:8:26 integrations.demo.config.mode.intervall: unknown key, did you mean interval?',
    ]);
  });

  it('of deprecated keys are warnings and leave the configuration valid', () => {
    const { configuration, problems } = load(
      `${required}integrations:\n  demo:\n    enabled: true\n    config:\n      interval: 3\n`,
    );

    expect(problems.map(renderProblem)).toEqual([
      'config.dev.yaml:8:7 integrations.demo.config.interval: warning: is deprecated and goes away in version 2.0.0\n    write schedule',
    ]);
    expect(configuration?.integrations.demo).toBeDefined();
  });
});

describe('production', () => {
  const production = `environment: prod
awsRegion: us-east-1
encryption: AWS_OWNED_CMK
terminationProtection: false
securityLake: {externalId: example}
monitoring:
  alarms:
    enabled: false
    emails: [team@example.com]
`;

  it('demands its own key, protected stacks and alarms', () => {
    expect(report(production)).toEqual([
      'config.dev.yaml:3:1 encryption: environment prod demands CUSTOMER_MANAGED_CMK (is "AWS_OWNED_CMK")',
      'config.dev.yaml:4:1 terminationProtection: environment prod demands true (is false)',
      'config.dev.yaml:8:5 monitoring.alarms.enabled: environment prod demands true (is false)',
    ]);
  });

  it('demands nothing of the other environments', () => {
    expect(report(production.replace('prod', 'staging'))).toEqual([]);
  });

  it('warns where nobody is told of an alarm', () => {
    const { configuration, problems } = load(required.replace('dev', 'prod'));

    expect(problems).toMatchObject([{ level: 'warning', path: 'monitoring.alarms.emails', line: 1, column: 1 }]);
    expect(configuration).toBeDefined();
  });
});

test('names that every object has are keys like others, also in an environment', () => {
  const text = `${required}tags: {toString: x}\nenvironments: {dev: {tags: {constructor: y}}}\n`;

  expect(report(text)).toEqual([]);
});

describe('keys that depend on each other', () => {
  it.each([
    ['queueRetentionDays: 5, deadLetterRetentionDays: 5', 5],
    ['deadLetterRetentionDays: 3', 4],
  ])('dead letters outlive the queue: {%s}', (pipeline, days) => {
    expect(report(`${required}pipeline: {${pipeline}}\n`)).toEqual([
      expect.stringContaining(
        `pipeline.deadLetterRetentionDays: must be more than pipeline.queueRetentionDays (${days})`,
      ),
    ]);
  });

  it('with a queue that forgets sooner nothing is said', () => {
    expect(report(`${required}pipeline: {queueRetentionDays: 1, deadLetterRetentionDays: 2}\n`)).toEqual([]);
  });

  it('a value that cannot count is a warning, unless it is the default', () => {
    const owned = `${required}encryption: AWS_OWNED_CMK\nkms: {rotationDays: 90, pendingWindowDays: 30}\n`;
    const silent = 'monitoring: {alarms: {enabled: false, deadLetters: 5, rejectedEvents: 0}}\n';

    expect(report(owned)).toEqual([
      'config.dev.yaml:5:7 kms.rotationDays: warning: has no effect, since encryption is AWS_OWNED_CMK',
    ]);
    expect(report(owned.replace('AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK'))).toEqual([]);
    expect(report(`${required}${silent}`)).toEqual([
      expect.stringContaining('monitoring.alarms.deadLetters: warning: has no effect'),
    ]);
  });
});

describe('a file that is no configuration', () => {
  it('that does not exist is answered with those beside it', () => {
    writeFileSync(join(folder, 'config.prod.yaml'), '');
    writeFileSync(join(folder, 'notes.yaml'), '');
    const { problems } = loadConfiguration({ file: 'config.prd.yaml', folder, modules: {} });

    expect(renderProblem(problems[0] as never)).toBe(
      'config.prd.yaml: there is no such file\n    in the same folder: config.dev.yaml, config.prod.yaml',
    );
  });

  it.each([
    ['', 'config.dev.yaml:1:1: holds no keys'],
    ['# only a comment\n', 'config.dev.yaml:1:1: holds no keys'],
    ['- a\n', 'config.dev.yaml:1:1: the file must hold keys and their values at its top'],
    ['a: 1\n\tb: 2\n', 'config.dev.yaml:2:1: a tab stands in the indentation'],
    ['a: b: c\n', 'config.dev.yaml:1:4: a second key stands where a value is expected'],
    ['a:\n    b: 1\n  c: 2\n', 'config.dev.yaml:3:1: the indentation fits no line above'],
    [
      'a: [1, 2\nb: 3\n',
      'config.dev.yaml:2:1: a list or group in brackets is not closed, or a line of it starts too far left',
    ],
    ["a: 'x\n", 'config.dev.yaml:2:1: a colon, a quote or a bracket is missing'],
    ['a: @x\n', 'config.dev.yaml:1:4: a value cannot start with this character'],
    ['a: "\\q"\n', 'config.dev.yaml:1:5: a backslash in double quotes starts an escape that does not exist'],
    ['a: 1\n---\nb: 2\n', 'config.dev.yaml:2:1: a second document starts here'],
    ['a: !env HOME\n', 'config.dev.yaml:1:4: a tag (!name) is not known'],
    ['a: *b\n', 'config.dev.yaml:1:4: the alias (*name) names no anchor (&name) above it'],
    ['a: &a [*a]\n', 'config.dev.yaml:1:8: an alias stands inside the value it stands for'],
  ])('%j is answered with its place', (text, line) => {
    expect(report(text)).toEqual([line]);
  });

  it('that is no UTF-8, a folder or too large is answered with the reason', () => {
    expect(load(new Uint8Array([0x61, 0xff, 0xfe])).problems[0]?.message).toBe('cannot be read: it is not UTF-8');
    expect(load('a'.repeat(300_000)).problems[0]?.message).toMatch(/it is larger than/);
    const { problems } = loadConfiguration({ file: '.', folder, modules: {} });
    expect(problems[0]?.message).toBe('cannot be read: it is a folder');
  });

  it('cannot grow by aliases', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]\n`;
    const text = `a: &a [x, x]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}`;

    expect(report(text)).toEqual(['config.dev.yaml:2:8: aliases (*name) stand for more than 100 copies']);
  });

  it('cannot exhaust the stack', () => {
    const nested = (levels: number) => `a: ${'{a: '.repeat(levels)}1${'}'.repeat(levels)}\n`;

    expect(report(nested(60))).toEqual(['config.dev.yaml:1:204: the nesting is too deep']);
    for (const levels of [1000, 2000, 10_000]) {
      expect(load(nested(levels)).problems).toMatchObject([{ message: 'the nesting is too deep' }]);
    }
  });
});

describe('keys', () => {
  it('stand once', () => {
    expect(report(`${required}pipeline:\n  logLevel: INFO\n  logLevel: WARN\n`)).toEqual([
      'config.dev.yaml:6:3 pipeline.logLevel: is written twice (first in line 5)',
    ]);
  });

  it('are plain text', () => {
    expect(report(`${required}tags:\n  2024: x\n  __proto__: {a: b}\n`)).toEqual([
      'config.dev.yaml:5:3 tags: the key 2024 is no text',
      'config.dev.yaml:6:3 tags.__proto__: is a reserved name',
    ]);
  });

  it('are no lists or groups', () => {
    expect(report(`${required}tags:\n  ? [a]\n  : x\n`)).toContain('config.dev.yaml:5:5 tags: a key is no text');
  });

  it('cannot be merged', () => {
    expect(report(`${required}<<: {tags: {}}\n`)).toEqual([
      'config.dev.yaml:4:1 ["<<"]: is a merge key, which YAML 1.2 does not have',
    ]);
  });
});

describe('secrets', () => {
  // Put together here, so that no scanner takes this file for a leak.
  const secrets = {
    'an AWS access key id': `AKIA${'QRSTUVWXYZ234567'}`,
    'a private key': `-----BEGIN RSA ${'PRIVATE'} KEY-----`,
    'an Azure connection string': `Endpoint=sb://x.servicebus.windows.net/;SharedAccess${'Key'}=${'abcDEF123'.repeat(4)}=`,
    'an Azure client secret': `abc8${'Q~'}${'x1Y2z3'.repeat(5)}abcd`,
    'a GitHub token': `ghp${'_'}${'a1B2c3'.repeat(6)}`,
    'an address with a password': `amqps://user:${'hunter2hunter2'}@example.com`,
  };

  it.each(Object.entries(secrets))('%s is refused wherever it stands, and never shown', (kind, secret) => {
    const texts = [
      `${required}projectName: ${JSON.stringify(secret)}\n`,
      `${required}unknown: ${JSON.stringify(secret)}\n`,
      `${required}monitoring: {alarms: {emails: [${JSON.stringify(secret)}]}}\n`,
      `${required}tags: {note: ${JSON.stringify(secret)}}\n`,
    ];
    for (const text of texts) {
      const lines = load(text).problems.map(renderProblem).join('\n');
      expect(lines).toContain(`holds ${kind}: secrets are named, not written here`);
      expect(lines).not.toContain(secret.slice(0, 12));
    }
  });

  it('are refused by the name of their key too', () => {
    expect(report(`${required}pipeline: {clientSecret: hunter2}\n`)).toEqual([
      'config.dev.yaml:4:12 pipeline.clientSecret: unknown key',
      'config.dev.yaml:4:12 pipeline.clientSecret: holds what its name calls a secret: secrets are named, not written here',
    ]);
  });

  it('are not shown where they stand in place of the name of a secret', () => {
    const text = `${required}integrations: {demo: {enabled: true, config: {credentialsSecretName: 'h u n t e r 2'}}}\n`;

    expect(report(text)).toEqual([
      'config.dev.yaml:4:47 integrations.demo.config.credentialsSecretName: must be the name of a secret (the value is not shown)',
    ]);
  });

  it('are not shown where they are numbers', () => {
    const text = `${required}integrations: {demo: {enabled: true, config: {credentialsSecretName: 271828}}}\n`;

    expect(load(text).problems.map(renderProblem)).toEqual([
      'config.dev.yaml:4:47 integrations.demo.config.credentialsSecretName: must be text (the value is not shown)\n    put it in quotes',
    ]);
  });

  it('are not shown where they stand in place of a key', () => {
    const secret = secrets['a GitHub token'];

    expect(report(`${required}${secret}: x\n`).join()).not.toContain(secret);
  });
});

describe('loadConfiguration', () => {
  it('throws for no text whatsoever', () => {
    const anyText = fc.oneof(
      fc.string(),
      fc.json().map((json) => stringify(JSON.parse(json))),
      fc.string({ unit: fc.constantFrom(...' \n\t:-[]{}&*!|>\'"#%@a1~?<') }),
    );

    fc.assert(
      fc.property(anyText, (text) => {
        for (const problem of load(text).problems) {
          expect(problem.line).toBeGreaterThan(0);
          expect(problem.column).toBeGreaterThan(0);
          // Nothing of the file can move the cursor of the terminal it is shown on.
          expect(renderProblem(problem)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
        }
      }),
      { numRuns: 150, seed: 1 },
    );
  });
});

describe('parseConfiguration', () => {
  it('gives the configuration and its warnings', () => {
    writeFileSync(join(folder, 'config.dev.yaml'), required);

    const parsed = parseConfiguration({ file: 'config.dev.yaml', folder, modules: demoModules });

    expect(parsed.configuration.environment).toBe('dev');
    expect(parsed.file).toBe(join(folder, 'config.dev.yaml'));
  });

  it('throws one failure with every problem', () => {
    writeFileSync(join(folder, 'config.dev.yaml'), 'environment: prd\nawsRegion: us-east-1\n');
    const parse = () => parseConfiguration({ file: 'config.dev.yaml', folder, modules: demoModules });

    expect(parse).toThrow(Failure);
    expect(parse).toThrow(
      expect.objectContaining({
        entry: configInvalid,
        blame: 'user',
        message: expect.stringMatching(/^config.dev.yaml:1:1 environment: .*\n.*\nconfig.dev.yaml:1:1 securityLake: /),
        args: expect.objectContaining({ problems: expect.objectContaining({ length: 2 }) }),
      }),
    );
  });
});

describe('namedPackages', () => {
  it('names the packages before their modules are known', () => {
    const text = `integrations:\n  okta: {enabled: true, package: '@example/slake-okta'}\n  azure: {enabled: true}\n`;
    writeFileSync(join(folder, 'config.dev.yaml'), text);

    expect(namedPackages({ file: 'config.dev.yaml', folder })).toEqual({ okta: '@example/slake-okta' });
    writeFileSync(join(folder, 'config.dev.yaml'), 'integratons: {okta: {package: "@example/slake-okta"}}\n');
    expect(namedPackages({ file: 'config.dev.yaml', folder })).toEqual({ okta: '@example/slake-okta' });
    expect(namedPackages({ file: 'absent.yaml', folder })).toEqual({});
    expect(report(text)).toContain('config.dev.yaml:2:3 integrations.okta: its package gives no module of this name');
  });
});
