// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cdkArguments } from './cdk-arguments.ts';

const APP = '/app';

function args(line: string, caller = '/caller'): readonly string[] | string {
  const result = cdkArguments(line.split(' '), caller, APP);
  return 'why' in result ? result.why : result.args;
}

describe('lines of the guide', () => {
  test.each([
    ['deploy -c configFile=/c.yaml', ['deploy', '-c', 'configFile=/c.yaml', '--all']],
    [
      'deploy -c configFile=/c.yaml --require-approval broadening',
      ['deploy', '-c', 'configFile=/c.yaml', '--require-approval', 'broadening', '--all'],
    ],
    ['diff -c configFile=/c.yaml', ['diff', '-c', 'configFile=/c.yaml', '--all']],
    ['destroy -c configFile=/c.yaml', ['destroy', '-c', 'configFile=/c.yaml', '--all']],
    ['destroy -c configFile=/c.yaml --stack my-stack', ['destroy', '-c', 'configFile=/c.yaml', 'my-stack']],
    ['synth --context=configFile=/c.yaml', ['synth', '--context', 'configFile=/c.yaml']],
    ['bootstrap aws://123456789012/us-east-1', ['bootstrap', 'aws://123456789012/us-east-1']],
    ['list', ['list']],
    ['deploy --all', ['deploy', '--all']],
    ['deploy deploy', ['deploy', 'deploy']],
  ])('cdk %s', (line, expected) => {
    expect(args(line)).toEqual(expected);
  });
});

describe('what the CDK would ignore is refused', () => {
  test('--previous-version, which would deploy the present code', () => {
    expect(args('deploy -c configFile=/c.yaml --previous-version')).toContain('would deploy the present code');
  });

  test('an unknown option, with the nearest one', () => {
    expect(args('deploy --require-aproval never')).toBe(
      '"cdk deploy" has no option --require-aproval; did you mean --require-approval?',
    );
  });

  test('an unknown command, with the nearest one', () => {
    expect(args('depoy')).toBe('the CDK has no command "depoy"; did you mean "deploy"?');
  });

  test('an option without its value', () => {
    expect(args('deploy --require-approval')).toBe('--require-approval needs a value');
    expect(args('destroy --stack')).toBe('--stack needs the name of a stack');
  });
});

test('a relative configFile is one of the folder the person is in, else of the app', () => {
  const caller = mkdtempSync(join(tmpdir(), 'slake-'));
  writeFileSync(join(caller, 'here.yaml'), '');

  expect(args('list -c configFile=here.yaml', caller)).toEqual([
    'list',
    '-c',
    `configFile=${join(caller, 'here.yaml')}`,
  ]);
  expect(args('list -c configFile=there.yaml', caller)).toEqual(['list', '-c', 'configFile=/app/there.yaml']);
});
