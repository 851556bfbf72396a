// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isObject } from '../../ocsf/report.ts';

/** Why something is not in the lake; `path` names the place in the event where there is one. */
export interface Reason {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** An event as it came in, ready to be mapped. */
export interface ReadEvent {
  readonly id: string;
  readonly stream: string;
  /** Parsed JSON of the source. */
  readonly data: unknown;
  /** The JSON of the source as it was written. */
  readonly rawText: string;
  /** When the source accepted the event. */
  readonly time?: string;
}

export type ReadResult = { readonly event: ReadEvent } | { readonly reason: Reason };

const DATA = '"data":';

/**
 * Reads one CloudEvent in JSON. The members before `data` and the data are parsed apart where `data` stands last, as
 * collectors write it, so that `rawText` is the source's own text to the letter; otherwise it is written anew.
 *
 * Inside JSON text every quote of a string is escaped, so the first `"data":` is a member's name.
 */
export function readEvent(text: string): ReadResult {
  const at = text.indexOf(DATA);
  if (at > 1 && text.endsWith('}')) {
    const before = text.slice(0, at).trimEnd();
    const head = parse(`${before.endsWith(',') ? before.slice(0, -1) : before}}`);
    const rawText = text.slice(at + DATA.length, -1);
    const data = parse(rawText);
    if (isObject(head) && data !== undefined) return describe(head, data, rawText);
  }
  const whole = parse(text);
  if (whole === undefined) return refuse('not_json', '', 'the line is not JSON');
  return readParsed(whole);
}

/** Reads a CloudEvent that is parsed already: an event sent inline. */
export function readParsed(event: unknown): ReadResult {
  if (!isObject(event)) return refuse('not_a_cloudevent', '', 'the line is no CloudEvent');
  const rawText = event.data === undefined ? '' : JSON.stringify(event.data);
  return describe(event, event.data, rawText);
}

function describe(head: Record<string, unknown>, data: unknown, rawText: string): ReadResult {
  const { specversion, id, type, time } = head;
  if (specversion !== '1.0') return refuse('not_a_cloudevent', 'specversion', 'specversion is not 1.0');
  if (typeof id !== 'string' || id === '') return refuse('not_a_cloudevent', 'id', 'id is missing');
  if (typeof type !== 'string' || type === '') return refuse('not_a_cloudevent', 'type', 'type is missing');
  if (data !== undefined) {
    return { event: { id, stream: type, data, rawText, ...(typeof time === 'string' ? { time } : {}) } };
  }
  if (head.data_base64 !== undefined) return refuse('body_not_json', 'data_base64', 'the source did not send JSON');
  return refuse('not_a_cloudevent', 'data', 'data is missing');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(code: string, path: string, message: string): ReadResult {
  return { reason: { code, path, message } };
}
