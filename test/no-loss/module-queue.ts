// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import type { Container } from './container.ts';

/** How Lambda hands the messages of a queue to a function; by default one at a time, as the module's stack has it. */
export interface Delivery {
  /** Messages of one invocation, 1 to 10. */
  readonly batch?: number;
  /** Changes the order in which what was received is handed over. */
  readonly reorder?: (messages: readonly Message[]) => readonly Message[];
  /** Messages whose acknowledgement the queue forgets, so that they come again. */
  readonly forgets?: number;
}

/** A module's queue with its dead letter queue, and the part of Lambda that empties it. */
export interface ModuleQueue {
  readonly url: string;
  send(body: string): Promise<void>;
  /** Invokes the function until no message is left; what fails comes again at once. Returns the invocations. */
  drain(transformer: Container, delivery?: Delivery): Promise<number>;
  /** Bodies in the dead letter queue. */
  deadLetters(): Promise<string[]>;
}

/** Long enough that nothing comes back by itself while it is worked on. */
const VISIBILITY_SECONDS = '120';
const RECEIVED_AT_ONCE = 10;

export async function createModuleQueue(sqs: SQSClient, name: string, maxReceiveCount: number): Promise<ModuleQueue> {
  const { QueueUrl: dlqUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-dlq` }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dlqUrl, AttributeNames: ['QueueArn'] }),
  );
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount });
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: VISIBILITY_SECONDS, RedrivePolicy } }),
  );
  if (!QueueUrl) throw new Error('no queue');

  async function receive(url = QueueUrl): Promise<Message[]> {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: RECEIVED_AT_ONCE,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    return Messages ?? [];
  }

  /** Lambda deletes what a function that returned did not name; everything else waits for its time to run out. */
  async function settle(messages: readonly Message[], failed: ReadonlySet<string>): Promise<void> {
    for (const { MessageId = '', ReceiptHandle } of messages) {
      await (failed.has(MessageId)
        ? sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
        : sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));
    }
  }

  return {
    url: QueueUrl,
    async send(body) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
    },
    async drain(transformer, { batch = 1, reorder, forgets = 0 } = {}) {
      let invocations = 0;
      let forgotten = 0;
      for (;;) {
        const messages = await receive();
        const received = reorder?.(messages) ?? messages;
        if (received.length === 0) return invocations;
        for (let at = 0; at < received.length; at += batch) {
          const handed = received.slice(at, at + batch);
          const invocation = await transformer.invoke({ Records: handed.map(recordOf) });
          invocations += 1;
          const ids = handed.map(({ MessageId = '' }) => MessageId);
          const failed = new Set(invocation.outcome === 'returned' ? failures(invocation.result) : ids);
          for (const id of ids) {
            if (forgotten === forgets) break;
            forgotten += 1;
            failed.add(id);
          }
          await settle(handed, failed);
        }
      }
    },
    async deadLetters() {
      return (await receive(dlqUrl)).map(({ Body = '' }) => Body);
    },
  };
}

function failures(result: unknown): string[] {
  return (result as SQSBatchResponse).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function recordOf({ MessageId, ReceiptHandle, Body, Attributes }: Message) {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: { ...Attributes },
    messageAttributes: {},
    eventSource: 'aws:sqs',
  };
}
