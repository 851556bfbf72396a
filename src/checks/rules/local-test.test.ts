// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { findingsOf } from '../module.fixture.ts';
import { check } from './local-test.ts';

const FILE = 'src/lambda/processor/local_test.py';

test('a script that fails, and one that needs a service, are told', async () => {
  expect(await findingsOf(check, { [FILE]: 'raise SystemExit(3)\n' })).toEqual([`${FILE} exit code 3: `]);
  expect(
    await findingsOf(check, {
      [FILE]: 'import socket\n\ntry:\n    socket.create_connection(("192.0.2.1", 443))\nexcept OSError:\n    pass\n',
    }),
  ).toEqual([`${FILE} connects to 192.0.2.1`]);
});
