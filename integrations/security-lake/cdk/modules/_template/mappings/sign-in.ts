// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineMapping, equals, from, ip, isoMs, lookup } from 'slake/contract';
import { STREAM } from './shapes/stream.ts';

/** A person signs in to Acme, or tries to. */
export const signIn = defineMapping({
  stream: STREAM,
  when: equals('eventType', 'user.session.start'),
  class: 'authentication',
  event: {
    activity_id: 1,
    time: from('published', isoMs),
    severity_id: 1,
    status_id: lookup('outcome.result', { SUCCESS: 1, FAILURE: 2 }, 0),
    status_detail: from('outcome.reason'),
    user: {
      uid: from('actor.id'),
      name: from('actor.displayName'),
      email_addr: from('actor.email'),
    },
    src_endpoint: { ip: from('client.ip', ip) },
    http_request: { user_agent: from('client.userAgent') },
    service: { name: 'Acme' },
    metadata: {
      product: { name: 'Acme', vendor_name: 'Acme' },
      event_code: from('eventType'),
      original_time: from('published'),
    },
  },
});
