// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { ROOT, slake } from '../run.fixture.ts';

const callerFolder = join(ROOT, CDK_FOLDER);
/** All that takes long or asks AWS. */
const SKIP = 'account,secrets,lake,iam,scan,documentation,modules,tests';

test('other commands are asked in processes of their own; what is left out is not checked, and --strict says so', async () => {
  const line = ['preflight', '--config', 'config.test.yaml', '--skip', SKIP];
  const { code, stdout } = await slake(line, { callerFolder });

  expect(code).toBe(0);
  expect(stdout).toMatch(/fine +Configuration validated\n +validate-config: nothing found/);
  expect(stdout).toMatch(/not checked +All tests pass\n +left out with --skip/);
  expect((await slake([...line, '--strict'], { callerFolder })).code).toBe(2);
}, 60_000);

test('JSON tells each item with its evidence', async () => {
  const { code, stdout } = await slake(['preflight', '--config', 'nothing.yaml', '--skip', SKIP, '--json']);

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    tool: 'preflight',
    counts: { error: 1, 'not-checked': 8 },
    items: expect.arrayContaining([
      expect.objectContaining({
        item: 'configuration',
        state: 'failed',
        evidence: [expect.stringContaining('no such file')],
      }),
    ]),
  });
}, 60_000);

test('a file must be named, and --skip takes items alone', async () => {
  expect(await slake(['preflight'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--config <file>') });
  const { code, stderr } = await slake(['preflight', '--config', 'config.test.yaml', '--skip', 'everything']);
  expect(code).toBe(2);
  expect(stderr).toContain('is everything');
});
