// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { type CaptureOptions, capture } from './capture.ts';

const folder = tmpdir();

function node(code: string, options: Partial<CaptureOptions> = {}) {
  return capture(process.execPath, ['-e', code], { folder, ...options });
}

test('a process that ends by itself has its exit code and what it said', async () => {
  expect(await node('console.log("out"); console.error("err"); process.exitCode = 3')).toEqual({
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
    isLate: false,
  });
});

test('its environment is the one that is given, or that of this process', async () => {
  const print = 'process.stdout.write([process.env.PATH, process.env.MINE].map((value) => value ?? "none").join(" "))';

  expect((await node(print, { environment: { MINE: 'yes' } })).stdout).toBe('none yes');
  expect((await node(print)).stdout).toBe(`${process.env.PATH} none`);
});

test('what keeps it from an exit code is told', async () => {
  expect(await capture('no-such-tool', [], { folder })).toMatchObject({ failure: 'no-such-tool is not installed' });
  const killed = await node('process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 60_000)');
  expect(killed).toMatchObject({ failure: expect.stringMatching(/ was stopped by SIGTERM$/), isLate: false });
  expect(killed.code).toBeUndefined();
});

test('one that takes too long is stopped, also where it does not want to be', async () => {
  const stubborn = 'process.on("SIGTERM", () => {}); console.log("up"); setTimeout(() => {}, 60_000)';
  const late = await node(stubborn, { seconds: 0.5, stopWith: 'SIGKILL' });

  expect(late).toMatchObject({ isLate: true, failure: expect.stringMatching(/ took longer than 0.5 seconds$/) });
  expect(late.stdout).toBe('up\n');
});

test.each(['before it began', 'later'])('an interruption %s stops it', async (when) => {
  const controller = new AbortController();
  if (when === 'later') setTimeout(() => controller.abort(), 100);
  else controller.abort();

  expect(await node('setTimeout(() => {}, 60_000)', { signal: controller.signal })).toMatchObject({
    failure: expect.stringMatching(/ was stopped by SIGTERM$/),
  });
});

test('of a flood only so much is kept', async () => {
  const { stdout } = await node('process.stdout.write("x".repeat(5_000_000))', { mostOutput: 1000 });

  expect(stdout.length).toBeLessThan(1_000_000);
});
