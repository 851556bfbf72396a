// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A program: calls the handler of a TypeScript processor once, as Lambda would: `call-handler.ts FOLDER FILE.FUNCTION`.
 * Its last line is that of `python/call_handler.py`: `{"raised"}`, `{"returned"}` or `{"unloadable"}`.
 */
const [folder = '', handler = ''] = process.argv.slice(2);
const [file, name = 'handler'] = handler.split('.');
const end = Date.now() + 60_000;
const context = {
  functionName: 'checked-processor',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:checked-processor',
  memoryLimitInMB: '512',
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  logGroupName: '/aws/lambda/checked-processor',
  logStreamName: 'checked',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, end - Date.now()),
};
process.stdout.write(`\n${JSON.stringify(await outcome())}\n`, () => process.exit());

async function outcome(): Promise<object> {
  let called: (event: object, context: object) => Promise<unknown>;
  try {
    called = (await import(pathToFileURL(join(folder, `${file}.ts`)).href))[name];
    if (typeof called !== 'function') return { unloadable: `${file}.ts exports no function ${name}` };
  } catch (error) {
    return { unloadable: (error as Error).message };
  }
  try {
    return { returned: (await called({}, context)) ?? null };
  } catch (error) {
    // The text of a refusal may quote what the service said; its kind is what counts here.
    const { name: type, code } = error as Error & { readonly code?: unknown };
    return { raised: { type, code: typeof code === 'string' ? code : null } };
  }
}
