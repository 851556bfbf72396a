// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Program } from '../program.ts';
import { factsOf, missingFacts } from './facts.ts';
import { tryEvent } from './sample.ts';

/** As the transformer calls an event that the source did not send as JSON. */
const NOT_JSON = 'body_not_json';

/** What became of many events of one origin. */
export interface TrialReport {
  readonly events: number;
  readonly conforming: number;
  /** The lines of the events that are refused, from 1, by `<code> <path>` of the first reason. */
  readonly refused: ReadonlyMap<string, readonly number[]>;
  /** Facts in events that conform, and those that an attribute holds. */
  readonly facts: number;
  readonly held: number;
  /** How often a fact at a raw path is held by no attribute, `<kind> <path>`. */
  readonly missing: ReadonlyMap<string, number>;
  /** Events by mapping. */
  readonly mappings: ReadonlyMap<string, number>;
}

/** Runs the raw events of JSON Lines through a program and counts what came of them; empty lines are none. */
export function tryEvents(program: Program, text: string): TrialReport {
  const refused = new Map<string, number[]>();
  const missing = new Map<string, number>();
  const mappings = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const refuse = (reason: string, line: number) => {
    const lines = refused.get(reason);
    if (lines) lines.push(line);
    else refused.set(reason, [line]);
  };
  let [events, conforming, facts, held] = [0, 0, 0, 0];
  // A byte order mark is of the file, not of its first event.
  for (const [index, written] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (written.trim() === '') continue;
    events += 1;
    const line = index + 1;
    const event = parsed(written);
    if (event === undefined) {
      refuse(NOT_JSON, line);
      continue;
    }
    const { mapping, rows, reasons } = tryEvent(program, event, `trial/${line}`);
    const [reason] = reasons;
    if (reason) {
      refuse(`${reason.code} ${reason.path}`.trim(), line);
      continue;
    }
    conforming += 1;
    if (mapping) count(mappings, mapping);
    const found = factsOf(event);
    const lost = missingFacts(found, rows);
    facts += found.length;
    held += found.length - lost.length;
    for (const { kind, path } of lost) count(missing, `${kind} ${path}`);
  }
  return { events, conforming, refused, facts, held, missing, mappings };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
