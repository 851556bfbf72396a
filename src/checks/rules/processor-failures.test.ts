// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { changed, findingsOf } from '../module.fixture.ts';
import { check } from './processor-failures.ts';

const APP = 'src/lambda/processor/app.py';

test('a handler that swallows every failure is told for each kind of it', async () => {
  const bad = changed(
    APP,
    '    token_of(secrets(), os.environ["SLAKE_SECRET_ID"])\n',
    '    try:\n        token_of(secrets(), os.environ["SLAKE_SECRET_ID"])\n    except Exception:\n        pass\n',
  );

  expect(await findingsOf(check, bad)).toEqual([
    `${APP} AWS answers access denied, and the handler returns normally`,
    `${APP} AWS answers throttled, and the handler returns normally`,
    `${APP} AWS answers an internal error, and the handler returns normally`,
    `${APP} AWS answers no connection, and the handler returns normally`,
  ]);
});

test('a handler that cannot be imported is one finding', async () => {
  expect(await findingsOf(check, { [APP]: 'import no_such_package\n' })).toEqual([
    `${APP} the handler cannot be imported: ModuleNotFoundError: No module named 'no_such_package'`,
  ]);
});
