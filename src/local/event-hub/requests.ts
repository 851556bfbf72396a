// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import rhea, { type Sender, type Session } from 'rhea';
import { SHORT_TEXT, types } from './amqp.ts';
import type { Hub } from './hub.ts';
import { refuseToken } from './shared-access-signature.ts';

/** Epoch milliseconds of the first day of the year 1, which stands for a time that never was. */
const NEVER = -62_135_596_800_000;

/** The parts of a request that are read, all from a foreign peer. */
export interface Request {
  readonly messageId: unknown;
  readonly replyTo: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface Response {
  readonly status: number;
  readonly description: string;
  readonly body?: object;
}

/** Decodes the message a request travels in. */
export function readRequest(bytes: Buffer): Request {
  const message = rhea.message.decode(bytes);
  return {
    messageId: message.message_id,
    replyTo: message.reply_to,
    properties: (message.application_properties ?? {}) as Record<string, unknown>,
    body: message.body,
  };
}

/** Puts a response on the link of the session that carries answers of `node` to the one who asked. */
export function respond(session: Session, node: string, request: Request, response: Response): void {
  const answers = (link: Sender) => link.is_sender() && link.source?.address === node;
  const link =
    session.find_link((each: Sender) => answers(each) && each.target?.address === request.replyTo) ??
    session.find_link(answers);
  if (!link) return;
  const application_properties: Record<string, unknown> = {
    'status-code': types.wrap_int(response.status),
    'status-description': response.description,
  };
  const correlation_id = request.messageId as string;
  (link as Sender).send({ correlation_id, application_properties, body: response.body });
}

/**
 * Answers `put-token` on `$cbs`: 202 for a good SharedAccessSignature, 401 for any other.
 *
 * @see https://learn.microsoft.com/azure/event-hubs/event-hubs-amqp-troubleshoot
 */
export function putToken(hub: Hub, request: Request): Response {
  if (request.properties.operation !== 'put-token') return { status: 400, description: 'only put-token is known' };
  const refusal = refuseToken(request.body, hub.policy, hub.name, Date.now());
  return refusal ? { status: 401, description: refusal } : { status: 202, description: 'Accepted' };
}

/** Answers `READ` on `$management`: the properties of the hub, or of one partition. */
export function readProperties(hub: Hub, request: Request): Response {
  const { operation, type, name, partition } = request.properties;
  if (operation !== 'READ') return { status: 400, description: 'only READ is known' };
  if (String(name).toLowerCase() !== hub.name.toLowerCase()) {
    return { status: 404, description: `no Event Hub ${String(name)} in ${hub.namespace}` };
  }
  if (type === 'com.microsoft:eventhub') {
    const partitionIds = hub.partitions.map((each) => each.id);
    return ok({
      name: hub.name,
      type,
      created_at: types.wrap_timestamp(hub.createdAt),
      partition_count: types.wrap_int(partitionIds.length),
      partition_ids: types.wrap_array(partitionIds, SHORT_TEXT),
    });
  }
  const log = hub.partitions.find((each) => each.id === String(partition));
  if (type !== 'com.microsoft:partition' || !log) {
    return { status: 404, description: `no partition ${String(partition)} in ${hub.name}` };
  }
  const properties = log.properties();
  return ok({
    name: hub.name,
    type,
    partition: log.id,
    begin_sequence_number: types.wrap_long(properties.beginningSequenceNumber),
    last_enqueued_sequence_number: types.wrap_long(properties.lastEnqueuedSequenceNumber),
    last_enqueued_offset: properties.lastEnqueuedOffset,
    last_enqueued_time_utc: types.wrap_timestamp(properties.lastEnqueuedTime?.getTime() ?? NEVER),
    is_partition_empty: properties.isEmpty,
  });
}

function ok(body: object): Response {
  return { status: 200, description: 'OK', body };
}
