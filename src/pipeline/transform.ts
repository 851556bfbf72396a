// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ClassName } from '../ocsf/index.ts';
import { type CompiledMapping, findMapping, type OcsfEvent, UnmappedCounts } from './map/mapper.ts';
import type { Program } from './program.ts';
import { type ReadResult, type Reason, readEvent } from './read/event.ts';
import type { Line } from './read/lines.ts';
import type { LakeSource } from './write/lake-source.ts';
import { type LakeWriter, lakeWriter, type Written } from './write/lake-writer.ts';
import { type RejectedWriter, rejectedWriter, type Stage } from './write/rejected-writer.ts';
import type { Store } from './write/store.ts';

/** Longest line that is read, in bytes: above the largest event any source delivers (20 MB of an Event Hub). */
export const MAX_LINE_BYTES = 32 * 1024 * 1024;
/** Different unmapped paths that are counted by name; a hostile source could make up any number. */
const COUNTED_PATHS = 1_000;

/** What became of the events of one raw object. */
export interface TransformSummary {
  readonly events: number;
  readonly written: ReadonlyMap<ClassName, Written>;
  readonly rejected: number;
  /** Events per `<stage>:<code>`. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Values left in `unmapped`, by raw path. */
  readonly unmapped: ReadonlyMap<string, number>;
}

export interface TransformOptions {
  readonly program: Program;
  readonly sources: readonly LakeSource[];
  readonly store: Store;
  readonly region: string;
  readonly module: string;
  readonly moduleVersion: string;
  /** Key of the raw object, or a name made of the message for an inline batch. */
  readonly origin: string;
}

interface Outcome {
  readonly class: ClassName;
  readonly rows: readonly OcsfEvent[];
}

interface Refusal {
  readonly stage: Stage;
  readonly mapping?: string;
  readonly reasons: readonly Reason[];
}

/**
 * Takes every line on its way: read, mapped, validated, and then into the lake or into rejected/.
 * When the promise is fulfilled each event is in one of the two; when it is rejected, nothing may be acknowledged.
 */
export async function transform(
  lines: AsyncIterable<readonly Line[]>,
  options: TransformOptions,
): Promise<TransformSummary> {
  const { program, origin } = options;
  const metadata = {
    'slake.module': options.module,
    'slake.module-version': options.moduleVersion,
    'slake.origin': origin,
  };
  const lake = lakeWriter({ ...options, metadata });
  const rejected = rejectedWriter(options);
  const unmapped = new UnmappedCounts();
  let events = 0;

  for await (const batch of lines) {
    for (const line of batch) {
      events += 1;
      // Most events are only put aside: there is nothing to wait for.
      const writing = settle(line, judge(program, line), lake, rejected, unmapped);
      if (writing) await writing;
    }
  }
  const written = await lake.finish();
  const refused = await rejected.finish();
  return { events, written, rejected: refused.events, reasons: refused.reasons, unmapped: unmapped.counts() };
}

function settle(
  line: Line,
  outcome: Outcome | Refusal,
  lake: LakeWriter,
  rejected: RejectedWriter,
  unmapped: UnmappedCounts,
): Promise<void> | undefined {
  if ('reasons' in outcome) return rejected.add({ ...outcome, original: line.text ?? '' });
  if (unmapped.size < COUNTED_PATHS) {
    for (const row of outcome.rows) unmapped.add(row.unmapped);
  }
  return lake.add(outcome.class, outcome.rows);
}

/** What becomes of one line; one bad row refuses its whole event, so that an event is never half in the lake. */
function judge(program: Program, line: Line): Outcome | Refusal {
  if (line.text === undefined) {
    return refuse('read', 'line_too_long', '', `the line has ${line.bytes} bytes, at most ${MAX_LINE_BYTES} are read`);
  }
  return judgeEvent(program, readEvent(line.text));
}

/** Maps and validates an event that was read. */
export function judgeEvent(program: Program, read: ReadResult): Outcome | Refusal {
  if ('reason' in read) return { stage: 'read', reasons: [read.reason] };
  const { event } = read;
  let mapping: CompiledMapping | undefined;
  let rows: OcsfEvent[];
  try {
    mapping = findMapping(program.mappings, event.stream, event.data);
    if (!mapping) return refuse('map', 'unmatched', '', 'no mapping of the module takes this kind of event');
    rows = mapping.map({ event: event.data, id: event.id, rawText: event.rawText, time: event.time });
  } catch (error) {
    // The engine's own limit, met where a value is made text: there is no other way to write such an event.
    if (error instanceof RangeError) {
      return { ...refuse('map', 'too_deep', '', 'the event is nested too deeply'), ...nameOf(mapping) };
    }
    const what = error instanceof Error ? error.message : 'an unknown error';
    return { ...refuse('map', 'mapping_failed', '', what), ...nameOf(mapping) };
  }
  if (rows.length === 0) return { ...refuse('map', 'no_rows', '', 'the event holds no row'), mapping: mapping.name };
  const validate = program.classes[mapping.class]?.validate;
  if (!validate) throw new Error(`the class ${mapping.class} is not compiled`);
  const reasons: Reason[] = [];
  rows.forEach((row, at) => {
    const prefix = rows.length === 1 ? '' : `#${at} `;
    for (const issue of validate(row)) {
      if (issue.level === 'error')
        reasons.push({ code: issue.code, path: prefix + issue.path, message: issue.message });
    }
  });
  if (reasons.length > 0) return { stage: 'validate', mapping: mapping.name, reasons };
  return { class: mapping.class, rows };
}

function nameOf(mapping: CompiledMapping | undefined): { readonly mapping?: string } {
  return mapping === undefined ? {} : { mapping: mapping.name };
}

function refuse(stage: Stage, code: string, path: string, message: string): Refusal {
  return { stage, reasons: [{ code, path, message }] };
}
