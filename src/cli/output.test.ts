// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput, table } from './output.ts';

class Text extends Writable {
  text = '';
  isTTY = false;
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function output(
  options: { readonly terminal?: boolean; readonly json?: boolean; readonly environment?: Record<string, string> } = {},
) {
  const stdout = new Text();
  const stderr = new Text();
  stdout.isTTY = options.terminal ?? false;
  stderr.isTTY = options.terminal ?? false;
  const json = options.json ?? false;
  return { stdout, stderr, output: createOutput({ stdout, stderr, json, environment: options.environment ?? {} }) };
}

test('a stage says that it began, that it ended, and what it found', async () => {
  const { output: out, stderr } = output();
  const result = await out.stage('Count', async (say) => {
    say('3 things');
    return 3;
  });

  expect(result).toBe(3);
  expect(stderr.text).toMatch(/^\.\. Count\nok Count: 3 things \d+\.\d s\n$/);
  expect(out.stages).toEqual([{ title: 'Count', milliseconds: expect.any(Number) }]);
});

test('a stage that fails says so and hands the failure on', async () => {
  const { output: out, stderr } = output();

  await expect(out.stage('Count', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(stderr.text).toContain('failed Count');
});

test('with --json only the object is printed', async () => {
  const { output: out, stdout, stderr } = output({ json: true });
  await out.stage('Count', async () => 1);
  out.line('text');
  out.object({ found: 1 });

  expect(JSON.parse(stdout.text)).toEqual({ found: 1 });
  expect(stderr.text).toBe('');
});

test('colour is for terminals only, and not where NO_COLOR asks for none', () => {
  expect(output().output.style.red('x')).toBe('x');
  expect(output({ terminal: true }).output.style.red('x')).toBe('\u001b[31mx\u001b[39m');
  expect(output({ terminal: true, environment: { NO_COLOR: '1' } }).output.style.red('x')).toBe('x');
});

test('a table puts numbers to the right', () => {
  expect(
    table(
      ['name', 'rows'],
      [
        ['a', 5],
        ['bb', 12_345],
      ],
    ),
  ).toEqual(['name    rows', 'a          5', 'bb    12,345']);
});
