// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { AccessRequest } from '../../access/index.ts';
import type { Account } from './account.ts';
import { access } from './call.ts';
import type { Guard } from './guard.ts';
import { impliedBy } from './implied.ts';
import type { Stacks } from './stacks.ts';

/** A call that Lambda makes with a function's role, and why. */
interface PlatformCall {
  readonly roleArn: string;
  readonly operation: string;
  readonly request: AccessRequest;
}

/**
 * Decides what Lambda itself calls with the roles of functions. The embedded AWS does not ask for these permissions, so
 * they are worked out from the functions: their log groups, traces and the queues they are triggered by.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export async function judgePlatform(guard: Guard, account: Account, stacks: Stacks): Promise<void> {
  for (const { roleArn, operation, request } of await platformCalls(account, stacks)) {
    await guard.judge(roleArn, 'platform', operation, request);
    for (const implied of await impliedBy(request, operation, account)) {
      await guard.judge(roleArn, 'platform', operation, implied);
    }
  }
}

async function platformCalls({ region, accountId }: Account, stacks: Stacks): Promise<PlatformCall[]> {
  const mappings = await stacks.mappings();
  const functions = await stacks.functions();
  return functions.flatMap(
    ({ FunctionName = '', FunctionArn = '', Role: roleArn = '', LoggingConfig, TracingConfig }) => {
      const group = LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
      const stream = `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:stream`;
      const queues = mappings.flatMap(({ FunctionArn: target = '', EventSourceArn = '' }) =>
        target.startsWith(FunctionArn) && EventSourceArn.includes(':sqs:') ? [EventSourceArn] : [],
      );
      const requests = [
        access('logs:CreateLogStream', stream),
        access('logs:PutLogEvents', stream),
        ...(TracingConfig?.Mode === 'Active'
          ? [access('xray:PutTraceSegments', '*'), access('xray:PutTelemetryRecords', '*')]
          : []),
        ...queues.flatMap((queue) =>
          ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => access(`sqs:${action}`, queue)),
        ),
      ];
      return requests.map((request) => ({ roleArn, operation: request.action, request }));
    },
  );
}
