// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ClassName, OcsfVersion } from '../../ocsf/index.ts';
import { keysOf } from '../../ocsf/text-map.ts';

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

/** Paths that are remembered with their counter; a hostile source could make up any number. */
const PATHS_KNOWN = 4_000;
/** Longer paths, which no source has, count under their beginning. */
const LONGEST_PATH = 512;

/** Counts what mappings left in `unmapped`, by raw path without array positions. */
export class UnmappedCounts {
  readonly #counters = new Map<string, { count: number }>();
  /** By path with positions: the paths of a source's events are few, and come again. */
  readonly #known = new Map<string, { count: number }>();

  /** How many different paths there are. */
  get size(): number {
    return this.#counters.size;
  }

  /** @param unmapped that of a row */
  add(unmapped: unknown): void {
    for (const path of keysOf(unmapped)) {
      const counter = this.#known.get(path) ?? this.#counter(path);
      counter.count += 1;
    }
  }

  counts(): ReadonlyMap<string, number> {
    return new Map([...this.#counters].map(([path, { count }]) => [path, count]));
  }

  #counter(path: string): { count: number } {
    // `entities[3].kind` as `entities[].kind`.
    const general = path.slice(0, LONGEST_PATH).replaceAll(/\[\d+\]/g, '[]');
    const counter = this.#counters.get(general) ?? { count: 0 };
    this.#counters.set(general, counter);
    if (this.#known.size < PATHS_KNOWN && path.length <= LONGEST_PATH) this.#known.set(path, counter);
    return counter;
  }
}

/** The mapping that takes the event: the first that matches, in order of priority. */
export function findMapping(
  mappings: readonly CompiledMapping[],
  stream: string,
  event: unknown,
): CompiledMapping | undefined {
  for (const mapping of mappings) {
    if (mapping.stream === stream && mapping.matches(event)) return mapping;
  }
  return undefined;
}
