// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { slake as runLine } from './run.fixture.ts';
import { commandNames } from './run.ts';

async function slake(line: string, options: { readonly aborted?: boolean } = {}) {
  const { code, stdout, stderr } = await runLine(line === '' ? [] : line.split(' '), options);
  return { code, out: stdout, err: stderr };
}

describe('help', () => {
  test.each(['', '--help', '-h', 'help'])('"slake %s" lists every command', async (line) => {
    const { code, out } = await slake(line);

    expect(code).toBe(0);
    for (const name of commandNames()) expect(out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  });

  test.each(commandNames())('"slake %s --help" shows options and examples', async (name) => {
    const { code, out } = await slake(`${name} --help`);

    expect(code).toBe(0);
    expect(out).toMatch(/Options\n(.|\n)*--help/);
    expect(out).toMatch(/Examples\n {2}\S/);
  });
});

describe('a mistake is told in three lines, with exit code 2', () => {
  test('an unknown command, with its nearest name', async () => {
    const { code, err } = await slake('strat');

    expect(code).toBe(2);
    expect(err).toContain('there is no command "strat"; did you mean "start"?');
    expect(err.trimEnd().split('\n')).toHaveLength(3);
  });

  test('a name that leads out of the commands', async () => {
    expect((await slake('../main')).err).toContain('there is no command "../main"');
  });

  test('an unknown option', async () => {
    expect((await slake('generate --chekc')).err).toContain("Unknown option '--chekc'");
  });

  test('a value out of range', async () => {
    expect((await slake('start --events many')).err).toContain(
      '--events takes a whole number from 1 to 1000000 (is many)',
    );
  });

  test('with --json as an object', async () => {
    const { code, out, err } = await slake('strat --json');

    expect(code).toBe(2);
    expect(err).toBe('');
    expect(JSON.parse(out).error).toMatchObject({ code: 'SLK-CLI-001', blame: 'user' });
  });

  test('an interruption', async () => {
    expect((await slake('strat', { aborted: true })).err).toContain('interrupted');
  });
});

test('"slake generate --check" says whether generated files are fresh', async () => {
  const { code, out } = await slake('generate --check --json');

  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ stale: [] });
});
