// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// A Lambda container for a transformer: SQS events come in as JSON lines, results go out on file descriptor 3.
const { handler } = await import(pathToFileURL(process.argv[2]).href);
const context = {
  functionName: 'azure-transformer',
  memoryLimitInMB: '1769',
  invokedFunctionArn: '',
  awsRequestId: '',
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { result: await handler(JSON.parse(line), context) };
  } catch (error) {
    answer = { error: String(error) };
  }
  writeSync(3, `${JSON.stringify(answer)}\n`);
}
