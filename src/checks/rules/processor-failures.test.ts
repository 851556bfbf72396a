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

const TYPESCRIPT = {
  ...changed(
    'demo-module.ts',
    "handler: 'app.lambda_handler', runtime: 'python'",
    "handler: 'app.handler', runtime: 'typescript'",
  ),
  [APP]: undefined,
};
const HEADER = '// Copyright the Slake authors\n// SPDX-License-Identifier: Apache-2.0\n';

test('a handler in TypeScript is driven too', async () => {
  const app = 'src/lambda/processor/app.ts';
  const calls = `${HEADER}import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
export async function handler(): Promise<void> {
  await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: 's' }));
}
`;

  expect(await findingsOf(check, { ...TYPESCRIPT, [app]: calls })).toEqual([]);
  expect(
    await findingsOf(check, { ...TYPESCRIPT, [app]: calls.replace("'s' }));", "'s' })).catch(() => {});") }),
  ).toHaveLength(4);
  expect(await findingsOf(check, { ...TYPESCRIPT, [app]: `${HEADER}export const other = 1;\n` })).toEqual([
    `${app} the handler cannot be imported: app.ts exports no function handler`,
  ]);
});
