// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test, vi } from 'vitest';
import { parametersUnreadable } from '../errors/infra.ts';
import { reachEmbeddedAws } from '../local/embedded-aws/reached.fixture.ts';
import { loadModule } from '../module/load.ts';
import { synthesizeModule } from '../scan/templates/synthesize.ts';
import { readDeployment } from './deployment.ts';
import { readParameters } from './parameters.ts';

const REGION = 'eu-central-1';
const modulesFolder = fileURLToPath(new URL('../module/fixtures/modules', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'slake-parameters-'));
reachEmbeddedAws(folder, { accountId: '111122223333', region: REGION });

async function put(values: Readonly<Record<string, string>>, type: 'String' | 'SecureString' = 'String') {
  const ssm = new SSMClient({ region: REGION });
  for (const [Name, Value] of Object.entries(values))
    await ssm.send(new PutParameterCommand({ Name, Value, Type: type }));
}

test('more parameters than one call takes are read; absent ones and secure ones are left out', async () => {
  const names = Array.from({ length: 23 }, (_, at) => `/many/${at}`);
  await put(Object.fromEntries(names.map((name) => [name, `value of ${name}`])));
  await put({ '/secure': 'x' }, 'SecureString');

  const values = await readParameters([...names, '/absent', '/secure'], REGION);

  expect([...values]).toEqual(expect.arrayContaining(names.map((name) => [name, `value of ${name}`])));
  expect(values.size).toBe(23);
});

test('a synthesis reads the values of the Region it deploys to', async () => {
  await put({ '/lake/external-id': 'from-the-store', '/lake/days': '7' });
  const ssm = (name: string) => `\${ssm:${name}}`;
  writeFileSync(
    join(folder, 'c.yaml'),
    `environment: dev
awsRegion: ${REGION}
securityLake: { externalId: '${ssm('/lake/external-id')}' }
pipeline: { rawRetentionDays: '${ssm('/lake/days')}' }
`,
  );

  const { configuration } = await readDeployment({ configFile: 'c.yaml', folders: [folder], modulesFolder });

  expect(configuration).toMatchObject({
    securityLake: { externalId: 'from-the-store' },
    pipeline: { rawRetentionDays: 7 },
  });
});

test('what analyses the stacks of a module reads the values too', async () => {
  await put({ '/lake/analysed': 'analysed' });
  const module = await loadModule(join(modulesFolder, 'good'), 'good');
  const file = join(folder, 'analysed.yaml');
  writeFileSync(
    file,
    `environment: dev\nawsRegion: ${REGION}\nprojectName: '\${ssm:/lake/analysed}'\nsecurityLake: { externalId: some-external-id }\nintegrations: { good: { enabled: true } }\n`,
  );

  const templates = await synthesizeModule(module, file);

  expect(templates.map(({ name }) => name)).toEqual(['analysed-dev', 'analysed-dev-good']);
});

test('a Parameter Store that does not answer is a failure that says so', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');

  await expect(readParameters(['/lake/days'], REGION)).rejects.toMatchObject({ entry: parametersUnreadable });
}, 30_000);
