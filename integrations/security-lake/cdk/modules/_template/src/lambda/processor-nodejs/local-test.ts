// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { inMemoryAws, Secret, type Settings } from 'slake/collector';
import { startSource } from '../../../local-source.ts';

/** Runs the handler on sample events without AWS and without network: `node local-test.ts`. */

export const settings: Settings = {
  moduleId: 'acme',
  moduleVersion: '0.0.0',
  rawBucket: 'sample-raw',
  queueUrl: 'https://sqs.invalid/acme',
  checkpointTable: 'sample-checkpoints',
  secretId: 'acme-credentials',
  rawObjectBytes: 64 * 1024 * 1024,
};
export const context = {
  awsRequestId: '00000000-0000-0000-0000-000000000000',
  functionName: 'acme-processor',
  getRemainingTimeInMillis: () => 300_000,
};
const SAMPLES = [0, 1, 2, 3, 4].map((n) => JSON.stringify({ n, published: `2026-03-04T12:00:0${n}.000Z` }));

/** Prints what became of the samples; 0 when every one was delivered and checkpointed, else 1. */
export async function main(print: (line: string) => void): Promise<number> {
  // Read when the modules of Powertools are loaded.
  Object.assign(process.env, {
    POWERTOOLS_SERVICE_NAME: 'acme-processor',
    POWERTOOLS_METRICS_NAMESPACE: 'Slake',
    POWERTOOLS_TRACE_ENABLED: 'false',
  });
  const { collectLog } = await import('./app.ts');
  const source = await startSource();
  source.send(SAMPLES);
  const aws = inMemoryAws({ [settings.secretId]: JSON.stringify(source.secret) });
  const secret = new Secret(aws.clients.secrets, settings.secretId);
  const summary = await collectLog({ settings, clients: aws.clients, secret, eventLog: { pageSize: 2 } }, context);
  await source.stop();

  for (const key of aws.objects.keys()) print(`object      s3://${settings.rawBucket}/${key}`);
  for (const body of aws.messages) print(`pointer     ${body}`);
  for (const line of aws.lines()) print(`event       ${line}`);
  for (const [key, item] of aws.items) print(`checkpoint  ${key} at cursor ${item.offset?.S}`);
  const [item] = aws.items.values();
  const isWhole = aws.lines().length === SAMPLES.length && summary.events === SAMPLES.length;
  const isFine = isWhole && item?.offset?.S === String(SAMPLES.length);
  print(isFine ? 'OK' : 'FAILED');
  return isFine ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main((line) => console.log(line));
