// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  authenticationFailed,
  Failure,
  itemTexts,
  type LogRecord,
  type Page,
  type PagedSource,
  type Secret,
  secretInvalid,
  sourceFailed,
} from 'slake/collector';

const STREAM = 'com.acme.events';
/** No page comes near; what is larger is no page. */
const MOST_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const BUSY = [429, 500, 502, 503, 504];
const ATTEMPTS = 4;
/** A longer wait is better spent until the next run. */
const LONGEST_PAUSE_MS = 15_000;
/** What may stand in a header; anything else is no token, and a message about it would quote it. */
const TOKEN = /^[\x21-\x7e]+$/;
/** Of an event; what has another one is taken to have happened now. */
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;
const HERE = ['127.0.0.1', '[::1]', 'localhost'];

export interface EventLogOptions {
  readonly pageSize: number;
  /** Where to start in a log that was never read. */
  readonly startAt?: string | undefined;
  readonly mostBytes?: number;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * The event log API of Acme: `GET <baseUrl>/events?limit=&after=` answers a JSON list, oldest event first. The header
 * `Link` says where the next page begins, also at the end of the log, where it finds what comes later. Change this file
 * where the API of the product differs; `local-source.ts` is its counterpart on your machine.
 *
 * Reads the secret `{baseUrl, apiToken}`; throws SLK-COL-002 and SLK-COL-003.
 */
export async function eventLog(secret: Secret, options: EventLogOptions): Promise<PagedSource> {
  const { pageSize, startAt, mostBytes = MOST_BYTES, pause = delay } = options;
  const baseUrl = checked(await secret.field('baseUrl'), secret.id);
  const token = (await secret.field('apiToken')).trim();
  if (!TOKEN.test(token)) {
    throw new Failure(secretInvalid, { id: secret.id, why: 'has an apiToken that holds what no token can' });
  }
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  return {
    stream: STREAM,
    origin: `${new URL(baseUrl).host}/events`,
    async page(cursor): Promise<Page> {
      const url = new URL(`${baseUrl}/events`);
      url.searchParams.set('limit', String(pageSize));
      if (cursor) url.searchParams.set('after', cursor);
      else if (startAt) url.searchParams.set('since', startAt);
      const response = await ask(url, headers, pause);
      const body = await read(response, mostBytes);
      const { status } = response;
      if (status === 401 || status === 403) {
        throw new Failure(authenticationFailed, { why: `The API refused the token with status ${status}` });
      }
      if (status !== 200) throw failed(`The API answered with status ${status}`);
      const next = cursorOf(response.headers.get('link') ?? '', url);
      if (next === undefined) throw failed('The API answered without a link to the next page');
      const records = recordsOf(body);
      return { records, cursor: next, hasMore: records.length > 0 && next !== cursor };
    },
  };
}

/** Asks again where the API is busy, when it says so or a little later each time. */
async function ask(url: URL, headers: Record<string, string>, pause: (ms: number) => Promise<unknown>) {
  for (let attempt = 1; ; attempt += 1) {
    // A redirection could lead the token elsewhere.
    const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
      (error: Error) => {
        // What it says of itself may quote what was sent.
        if (attempt === ATTEMPTS) throw failed(`The API cannot be reached (${error.name})`);
        return undefined;
      },
    );
    if (answer && (!BUSY.includes(answer.status) || attempt === ATTEMPTS)) return answer;
    await answer?.body?.cancel();
    await pause(waitOf(answer?.headers.get('retry-after')) ?? 500 * 2 ** (attempt - 1));
  }
}

/** Milliseconds of a header Retry-After, which holds seconds or a date; undefined for what is no time to come. */
function waitOf(header: string | null | undefined): number | undefined {
  if (!header) return undefined;
  const wait = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return wait > 0 ? Math.min(wait, LONGEST_PAUSE_MS) : undefined;
}

async function read(response: Response, mostBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > mostBytes) throw failed(`The API answered with more than ${mostBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw failed('The API broke off its answer');
  }
  return Buffer.concat(chunks);
}

function checked(baseUrl: string, secretId: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && HERE.includes(url.hostname));
  if (!url || !isSafe || baseUrl.includes('@') || url.search || url.hash) {
    throw new Failure(secretInvalid, { id: secretId, why: 'has a baseUrl that is no address beginning with https://' });
  }
  return baseUrl.replace(/\/+$/, '');
}

/** `after` of the next link alone: a whole address from outside could lead anywhere. */
function cursorOf(link: string, base: URL): string | undefined {
  const [, target] = /<([^<>]*)>\s*;[^,<]*\brel="?next"?/.exec(link) ?? [];
  if (target === undefined || !URL.canParse(target, base.href)) return undefined;
  return new URL(target, base).searchParams.get('after') || undefined;
}

/** The events of a page; a page that is no list of JSON is one event of its own. */
function recordsOf(body: Buffer): LogRecord[] {
  let texts: string[] | undefined;
  try {
    texts = itemTexts(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // It stays whole, and the transformer says what is wrong with it.
  }
  return texts ? texts.map((text) => recordOf(JSON.parse(text, asWritten), text)) : [recordOf(undefined, body)];
}

/** Numbers as their text: not all of them fit into a JavaScript number. */
function asWritten(_: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  return typeof value === 'number' ? source : value;
}

function recordOf(item: unknown, body: string | Buffer): LogRecord {
  const { id, published } = (typeof item === 'object' && item !== null ? item : {}) as Readonly<
    Record<string, unknown>
  >;
  return {
    id: typeof id === 'string' && id !== '' ? id : createHash('sha256').update(body).digest('hex'),
    time: timeOf(published),
    body,
  };
}

/** Now, where the event does not say when it was, or says what cannot be. */
function timeOf(published: unknown): Date {
  const time = new Date(typeof published === 'string' && TIME.test(published) ? published : Number.NaN);
  const year = time.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? time : new Date();
}

function failed(why: string): Error {
  return new Failure(sourceFailed, { why });
}
