// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// The bundled transformer as Lambda starts it: node bench/cold-start.ts <folder of the bundle>. Prints JSON: seconds
// until the module is loaded, and until the handler has answered an empty batch.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder = ''] = process.argv.slice(2);
Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  SLAKE_MODULE_ID: 'azure',
  SLAKE_MODULE_VERSION: '1.0.0',
  SLAKE_RAW_BUCKET: 'raw',
  SLAKE_EXTERNAL_ID: 'bench',
  SLAKE_LAKE_SOURCES: '[]',
  POWERTOOLS_SERVICE_NAME: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'Slake',
});
const started = performance.now();
const { handler } = (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as {
  handler: (event: object, context: object) => Promise<unknown>;
};
const loaded = performance.now();
await handler({ Records: [] }, { functionName: 'bench', awsRequestId: '1' }).catch(() => undefined);
console.log(
  JSON.stringify({
    loaded: (loaded - started) / 1000,
    answered: (performance.now() - started) / 1000,
    process: performance.now() / 1000,
  }),
);
process.exit();
