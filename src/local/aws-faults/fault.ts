// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Call } from './call.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What goes wrong with a call. */
export type Fault =
  /** AWS answers this and does nothing. */
  | { readonly kind: 'answer'; answer(call: Call): Answer }
  /** AWS does it, but the connection breaks before its answer arrives. */
  | { readonly kind: 'lost answer' }
  /** AWS does it, but something else happens first. */
  | { readonly kind: 'meanwhile'; act(): void | Promise<void> }
  /** Neither done nor answered, until the caller gives up. */
  | { readonly kind: 'hang' }
  /** The caller dies right before AWS does it, or right after and without an answer. */
  | { readonly kind: 'crash'; readonly when: 'before' | 'after'; kill(): void };

/**
 * S3 asks to slow down: 503.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function slowDown(): Fault {
  const body =
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';
  return { kind: 'answer', answer: () => ({ status: 503, headers: { 'content-type': 'application/xml' }, body }) };
}

/**
 * DynamoDB throttles: 400 ProvisionedThroughputExceededException, which SDKs try again.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function throttled(): Fault {
  return jsonError(400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException', 'too many requests');
}

/** DynamoDB refuses a conditional write, as if the item were another by now. SDKs do not try it again. */
export function conditionRefused(): Fault {
  const type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
  return jsonError(400, type, 'The conditional request failed');
}

/** A service is not there: 500, which SDKs try again. */
export function internalError(): Fault {
  return jsonError(500, 'InternalFailure', 'refused by a test');
}

/**
 * SQS takes the batch and refuses every entry of it: 200 with `Failed`.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_BatchResultErrorEntry.html
 */
export function entriesRefused({ senderFault }: { readonly senderFault: boolean }): Fault {
  return {
    kind: 'answer',
    answer({ body }) {
      const { Entries } = JSON.parse(body.toString('utf8')) as { Entries: readonly { Id: string }[] };
      const Code = senderFault ? 'InvalidMessageContents' : 'InternalError';
      const Failed = Entries.map(({ Id }) => ({ Id, SenderFault: senderFault, Code }));
      return json(200, { Successful: [], Failed });
    },
  };
}

/** Lets something else happen while a call is under way; the call itself goes well. */
export function meanwhile(act: () => void | Promise<void>): Fault {
  return { kind: 'meanwhile', act };
}

export function lostAnswer(): Fault {
  return { kind: 'lost answer' };
}

export function hang(): Fault {
  return { kind: 'hang' };
}

/** `kill` ends the calling process at once, as a lost machine does. */
export function crash(when: 'before' | 'after', kill: () => void): Fault {
  return { kind: 'crash', when, kill };
}

function jsonError(status: number, type: string, message: string): Fault {
  return { kind: 'answer', answer: () => json(status, { __type: type, message }) };
}

function json(status: number, value: object): Answer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(value) };
}
