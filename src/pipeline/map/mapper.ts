// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ClassName, OcsfVersion } from '../../ocsf/index.ts';
import type { Unmapped } from './runtime.ts';

/** A mapped event: the shape of its OCSF class, not validated yet. */
export type OcsfEvent = Record<string, unknown>;

/** What a mapping needs to know beside the raw event. */
export interface MappingInput {
  /** The parsed event of the source. */
  readonly event: unknown;
  /** CloudEvent id: becomes `metadata.uid`. */
  readonly id: string;
  /** The event as the source wrote it: becomes `raw_data`. */
  readonly rawText: string;
  /** CloudEvent time: when the source accepted the event. */
  readonly time?: string;
}

/** A compiled mapping: generated code behind this face. */
export interface CompiledMapping {
  /** `<file>#<export>`, for logs and reports. */
  readonly name: string;
  readonly stream: string;
  readonly class: ClassName;
  readonly version: OcsfVersion;
  readonly priority: number;
  readonly matches: (event: unknown) => boolean;
  /** One OCSF event per row; never throws on foreign data as long as the author's functions do not. */
  readonly map: (input: MappingInput) => OcsfEvent[];
}

/** Counts of what a mapping left in `unmapped`, by raw path without array positions. */
export function countUnmapped(counts: Map<string, number>, unmapped: Unmapped | undefined): void {
  if (!unmapped) return;
  for (const path of Object.keys(unmapped)) {
    const general = path.includes('[') ? withoutPositions(path) : path;
    counts.set(general, (counts.get(general) ?? 0) + 1);
  }
}

/** The mapping that takes the event: the first that matches, in order of priority. */
export function findMapping(
  mappings: readonly CompiledMapping[],
  stream: string,
  event: unknown,
): CompiledMapping | undefined {
  return mappings.find((mapping) => mapping.stream === stream && mapping.matches(event));
}

const POSITIONS_KNOWN = 4_000;
const generalPaths = new Map<string, string>();

/** `entities[3].kind` as `entities[].kind`; the paths of a source's events are few, and come again. */
function withoutPositions(path: string): string {
  const known = generalPaths.get(path);
  if (known !== undefined) return known;
  const general = path.replaceAll(/\[\d+\]/g, '[]');
  if (generalPaths.size < POSITIONS_KNOWN) generalPaths.set(path, general);
  return general;
}
