// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const Source = z.string().min(1).meta({
  description: 'Where the event happened: for Event Hubs //<namespace>/<hub>/<partition>',
});
const Stream = z.string().min(1).meta({
  description: 'The stream the event arrived on (com.microsoft.azure.eventhub), never the kind of event',
});
const Timestamp = z.iso.datetime({ offset: true });

/**
 * One event on its way: a line of a raw object, or an item of an inline batch.
 * `data` is the parsed JSON of the source; what is no JSON travels as base64 in `data_base64`.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export const CloudEvent = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string().min(1).max(1024).meta({ description: 'Unique per event, made of what the source gives' }),
    source: Source,
    type: Stream,
    time: Timestamp.optional().meta({ description: 'When the source accepted the event (enqueued, published)' }),
    datacontenttype: z.string().optional(),
    data: z.unknown().optional(),
    data_base64: z.base64().optional(),
  })
  .meta({ id: 'CloudEvent', title: 'CloudEvent' });
export type CloudEvent = z.infer<typeof CloudEvent>;

/**
 * What stands in the queue: a CloudEvent whose `dataref` names a raw object.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/dataref.md
 */
export const Pointer = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string().min(1).max(1024).meta({ description: 'The key of the raw object' }),
    source: Source,
    type: Stream,
    time: Timestamp.optional().meta({ description: 'When the raw object was written' }),
    dataref: z
      .string()
      .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/)
      .meta({ description: 's3://<raw bucket>/raw/<module>/<stream>/<date>/<name>.ndjson.gz' }),
    eventcount: z.int().min(1).meta({ description: 'Lines of the raw object; a reader that finds fewer must fail' }),
  })
  .meta({ id: 'Pointer', title: 'Pointer' });
export type Pointer = z.infer<typeof Pointer>;

/** Body of a queue message: a pointer, or for small hand-written senders the events themselves. */
export const QueueMessage = z.union([Pointer, z.array(CloudEvent).min(1), CloudEvent]).meta({ id: 'QueueMessage' });
export type QueueMessage = z.infer<typeof QueueMessage>;
