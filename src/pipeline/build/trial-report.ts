// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Program } from '../program.ts';
import { factsOf, missingFacts } from './facts.ts';
import { tryEvent } from './sample.ts';

/** What became of many events of one origin. */
export interface TrialReport {
  readonly events: number;
  readonly conforming: number;
  /** Events by `<code> <path>` of the first reason. */
  readonly refused: ReadonlyMap<string, number>;
  /** Facts in events that conform, and those that an attribute holds. */
  readonly facts: number;
  readonly held: number;
  /** How often a fact at a raw path is held by no attribute, `<kind> <path>`. */
  readonly missing: ReadonlyMap<string, number>;
  /** Events by mapping. */
  readonly mappings: ReadonlyMap<string, number>;
}

/** Runs events through a program and counts what came of them; `events` are parsed raw events. */
export function tryEvents(program: Program, events: readonly unknown[]): TrialReport {
  const refused = new Map<string, number>();
  const missing = new Map<string, number>();
  const mappings = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  let [conforming, facts, held] = [0, 0, 0];
  for (const [index, event] of events.entries()) {
    const { mapping, rows, reasons } = tryEvent(program, event, `trial/${index}`);
    const [reason] = reasons;
    if (reason) {
      count(refused, `${reason.code} ${reason.path}`.trim());
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
  return { events: events.length, conforming, refused, facts, held, missing, mappings };
}
