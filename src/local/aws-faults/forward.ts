// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

/** Headers that belong to one connection, and what the server has answered already. */
const OWN_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'expect'];

/** Hands a request on as it came; resolves with the answer. */
export async function forward({ method, url, headers }: IncomingMessage, body: Buffer, upstream: string) {
  const onward = request(new URL(url ?? '/', upstream), {
    method,
    headers: { ...passedOn(headers), 'content-length': body.length },
  });
  onward.end(body);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  return answer;
}

/** The headers that one connection hands to the next. */
export function passedOn(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name)));
}
