// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '../../ocsf/issue.ts';
import type { CompiledMapping, OcsfEvent } from '../map/mapper.ts';
import type { Program } from '../program.ts';
import type { Reason } from '../read/event.ts';
import { judgeEvent } from '../transform.ts';

/** When the source is said to have accepted a sample. */
const ACCEPTED = '2026-03-04T12:00:00Z';
const RAW = '.raw.json';
const OCSF = '.ocsf.json';

/** What became of an event of a source: the very way the transformer goes, without a lake. */
export interface Trial {
  /** Name of the mapping that takes the event; undefined where none does. */
  readonly mapping?: string;
  /** Mappings of the same priority that would take it too: a mistake, since the order of files would decide. */
  readonly rivals: readonly string[];
  /** The OCSF events; empty where the event is refused. */
  readonly rows: readonly OcsfEvent[];
  /** Why the event is refused; empty where it is not. */
  readonly reasons: readonly Reason[];
  /** What the validator says of the rows, warnings included. */
  readonly issues: readonly Issue[];
  /** Raw paths left in `unmapped`, sorted. */
  readonly unmapped: readonly string[];
}

/** A case of a module's samples/ and what became of it. */
export interface Sample extends Trial {
  /** File name without its ending. */
  readonly name: string;
  readonly raw: unknown;
  /** The rows as they are written to the `.ocsf.json` file. */
  readonly actual: readonly OcsfEvent[];
  /** What the `.ocsf.json` file holds; undefined where there is none. */
  readonly expected: unknown;
  readonly expectedFile: string;
}

/** Maps and validates one raw event, whatever stream of the module it would arrive on. */
export function tryEvent(program: Program, raw: unknown, id: string): Trial {
  const takers = program.mappings.filter((mapping) => mapping.matches(raw));
  const [first] = takers;
  const stream = first?.stream ?? program.mappings[0]?.stream ?? '';
  const rawText = JSON.stringify(raw) ?? 'null';
  const outcome = judgeEvent(program, { event: { id, stream, data: raw, rawText, time: ACCEPTED } });
  const rivals = takers.slice(1).filter((other) => isRival(first as CompiledMapping, other));
  const rows = 'rows' in outcome ? outcome.rows : [];
  const validate = first && program.classes[first.class]?.validate;
  return {
    ...(first ? { mapping: first.name } : {}),
    rivals: rivals.map(({ name }) => name),
    rows,
    reasons: 'reasons' in outcome ? outcome.reasons : [],
    issues: validate ? rows.flatMap(validate) : [],
    unmapped: [...new Set(rows.flatMap(({ unmapped }) => Object.keys(unmapped ?? {})))].sort(),
  };
}

function isRival(first: CompiledMapping, other: CompiledMapping): boolean {
  return other.stream === first.stream && other.priority === first.priority;
}

/** Runs every case of `<module>/samples`, in order of name. */
export function runSamples(moduleFolder: string, program: Program): Sample[] {
  const folder = join(moduleFolder, 'samples');
  const names = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(RAW)) : [];
  return names.sort().map((file) => {
    const name = file.slice(0, -RAW.length);
    const raw: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const trial = tryEvent(program, raw, `sample/${name}`);
    const expectedFile = join(folder, `${name}${OCSF}`);
    const expected: unknown = existsSync(expectedFile) ? JSON.parse(readFileSync(expectedFile, 'utf8')) : undefined;
    return { ...trial, name, raw, actual: trial.rows.map(withoutRawData), expected, expectedFile };
  });
}

/** Writes what the samples give now as what is expected of them; refused ones are left. A person reviews the diff. */
export function updateSamples(samples: readonly Sample[]): void {
  for (const { reasons, actual, expectedFile } of samples) {
    if (reasons.length === 0) writeFileSync(expectedFile, `${JSON.stringify(actual, null, 2)}\n`);
  }
}

function withoutRawData({ raw_data: _, ...rest }: OcsfEvent): OcsfEvent {
  return JSON.parse(JSON.stringify(rest)) as OcsfEvent;
}
