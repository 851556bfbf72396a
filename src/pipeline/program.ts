// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ClassName, Column, OcsfVersion } from '../ocsf/index.ts';
import type { Issue } from '../ocsf/issue.ts';
import type { CompiledMapping } from './map/mapper.ts';
import type { Shredder } from './write/parquet/writer.ts';

/** What is compiled for one OCSF class of a module. */
export interface CompiledClass {
  /** The fixed columns of the lake source. */
  readonly columns: readonly Column[];
  readonly shred: Shredder;
  readonly validate: (event: unknown) => Issue[];
}

/** Everything the transformer of a module runs: generated from its mappings when it is bundled. */
export interface Program {
  readonly version: OcsfVersion;
  /** In the order in which they are asked. */
  readonly mappings: readonly CompiledMapping[];
  readonly classes: Readonly<Partial<Record<ClassName, CompiledClass>>>;
}
