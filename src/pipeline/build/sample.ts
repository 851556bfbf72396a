// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Failure } from '../../errors/failure.ts';
import { sampleUnreadable } from '../../errors/pipeline.ts';
import type { Issue } from '../../ocsf/issue.ts';
import { keysOf } from '../../ocsf/text-map.ts';
import type { CompiledMapping, OcsfEvent } from '../map/mapper.ts';
import type { Program } from '../program.ts';
import type { Reason } from '../read/event.ts';
import { judgeEvent } from '../transform.ts';
import { type Difference, differences } from './difference.ts';

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

/**
 * How a sample came out: `ok` and `refused` are as expected (an event that must be refused has `[]` as its expectation);
 * `ambiguous`: several mappings take it; `invalid`: no mapping takes it, or OCSF refuses what it becomes; `differs`; and
 * `no expectation`.
 */
export type Verdict = 'ok' | 'refused' | 'ambiguous' | 'invalid' | 'differs' | 'no expectation';

/** A sample and how it came out. */
export interface SampleResult {
  readonly sample: Sample;
  readonly verdict: Verdict;
  /** Whether the verdict is as it should be. */
  readonly isFine: boolean;
  /** Where it is not what is expected. */
  readonly differences: readonly Difference[];
}

/** Holds a sample against what is expected of it. */
export function judgeSample(sample: Sample): SampleResult {
  const { rivals, reasons, expected, actual } = sample;
  const result = (verdict: Verdict, found: readonly Difference[] = []): SampleResult => ({
    sample,
    verdict,
    isFine: verdict === 'ok' || verdict === 'refused',
    differences: found,
  });
  if (rivals.length > 0) return result('ambiguous');
  if (reasons.length > 0) return result(Array.isArray(expected) && expected.length === 0 ? 'refused' : 'invalid');
  if (expected === undefined) return result('no expectation');
  const found = differences(expected, actual);
  return found.length === 0 ? result('ok') : result('differs', found);
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
    unmapped: [...new Set(rows.flatMap(({ unmapped }) => keysOf(unmapped)))].sort(),
  };
}

function isRival(first: CompiledMapping, other: CompiledMapping): boolean {
  return other.stream === first.stream && other.priority === first.priority;
}

/**
 * Runs every case of `<module>/samples`, in order of name.
 * @throws Failure SLK-PIPELINE-008 for a file that is no JSON
 */
export function runSamples(moduleFolder: string, program: Program): Sample[] {
  const folder = join(moduleFolder, 'samples');
  const names = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(RAW)) : [];
  return names.sort().map((file) => {
    const name = file.slice(0, -RAW.length);
    const raw = readJson(moduleFolder, join(folder, file));
    const trial = tryEvent(program, raw, `sample/${name}`);
    const expectedFile = join(folder, `${name}${OCSF}`);
    const expected = existsSync(expectedFile) ? readJson(moduleFolder, expectedFile) : undefined;
    return { ...trial, name, raw, actual: trial.rows.map(withoutRawData), expected, expectedFile };
  });
}

/** Expectations whose raw event is gone: nothing checks them. */
export function orphanedExpectations(moduleFolder: string): string[] {
  const folder = join(moduleFolder, 'samples');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter((file) => file.endsWith(OCSF) && !files.includes(`${file.slice(0, -OCSF.length)}${RAW}`))
    .toSorted();
}

function readJson(moduleFolder: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = (error as Error).message;
    throw new Failure(sampleUnreadable, { file: relative(moduleFolder, file), why }, { cause: error });
  }
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
