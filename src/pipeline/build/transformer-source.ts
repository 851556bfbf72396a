// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type Mapping, versionsOf } from '../../contract/index.ts';
import { Failure } from '../../errors/failure.ts';
import { claimDoesNotHold, versionNotClaimed } from '../../errors/pipeline.ts';
import { columnsFor } from '../../ocsf/columns.ts';
import type { ClassName, Column, OcsfVersion } from '../../ocsf/index.ts';
import { ocsfSchema } from '../../ocsf/schema.ts';
import { shredderStatements } from '../write/parquet/shredder-source.ts';
import { problemsOfClaims } from './claims.ts';
import { mappingSource } from './mapping-source.ts';

/** A mapping with the place it is imported from. */
export interface MappingFile {
  /** Path from which the generated code imports the mapping: absolute, or relative to where it is resolved. */
  readonly file: string;
  readonly exportName: string;
  /** `<file>#<export>` relative to the module, for logs and reports. */
  readonly name: string;
  readonly mapping: Mapping;
}

/** One lake source of a module: all its mappings to one OCSF class, and the columns they can fill. */
export interface SourceColumns {
  readonly class: ClassName;
  readonly columns: readonly Column[];
}

/** What is generated for a module. */
export interface TransformerSource {
  /** An ES module that exports `program`; imports the mappings and the framework's pipeline. */
  readonly text: string;
  readonly sources: readonly SourceColumns[];
  /** OCSF paths that this version lacks, by mapping name; mappings that lose nothing are left out. */
  readonly leftOut: ReadonlyMap<string, readonly string[]>;
  /** Raw paths each mapping reads, by mapping name. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
}

/**
 * Generates the code of a module's transformer: its mappings compiled, the validators and column shredders of the
 * OCSF classes they use. `from` is where `src/pipeline` and `src/ocsf` are imported from (absolute paths).
 * @throws Failure SLK-PIPELINE-006 for a mapping that does not claim the version
 * @throws Failure SLK-PIPELINE-007 for mappings that do not hold in every version they claim
 */
export function transformerSource(
  mappings: readonly MappingFile[],
  version: OcsfVersion,
  from: { readonly pipeline: string; readonly ocsf: string },
): TransformerSource {
  const schema = ocsfSchema(version);
  for (const { name, mapping } of mappings) {
    const claims = versionsOf(mapping);
    if (!claims.includes(version)) throw new Failure(versionNotClaimed, { mapping: name, version, claims });
  }
  const problems = mappings.flatMap(({ name, mapping }) =>
    problemsOfClaims(mapping).map((problem) => ({ mapping: name, ...problem })),
  );
  if (problems.length > 0) throw new Failure(claimDoesNotHold, { problems });
  const ordered = mappings.toSorted((a, b) => (b.mapping.priority ?? 0) - (a.mapping.priority ?? 0));
  const compiled = ordered.map((file, index) => ({ file, ...mappingSource(schema, file, index) }));
  const classes = [...new Set(ordered.map(({ mapping }) => mapping.class))].toSorted();
  const sources = classes.map((className) => {
    const paths = new Set<string>();
    for (const { file, produces } of compiled) {
      if (file.mapping.class === className) for (const path of produces) paths.add(path);
    }
    return { class: className, columns: columnsFor({ version, className, paths: [...paths].toSorted() }) };
  });
  const text = [
    '// @ts-nocheck',
    `import * as rt from ${JSON.stringify(`${from.pipeline}/map/runtime.ts`)};`,
    `import * as validators from ${JSON.stringify(`${from.ocsf}/generated/${version}/validators.ts`)};`,
    ...ordered.map((file, index) => `import { ${file.exportName} as m${index} } from ${JSON.stringify(file.file)};`),
    ...compiled.map(({ code }) => code),
    ...sources.flatMap(({ columns }, index) => [
      `const columns${index} = ${JSON.stringify(columns)};`,
      `const shred${index} = ${shredderExpression(columns)};`,
    ]),
    'export const program = {',
    `version: ${JSON.stringify(version)},`,
    `mappings: [${compiled.map(({ variable }) => variable).join(', ')}],`,
    'classes: {',
    ...sources.map(
      ({ class: className }, index) =>
        `${className}: { columns: columns${index}, shred: shred${index}, validate: validators.${validatorName(className)} },`,
    ),
    '},',
    '};',
  ].join('\n');
  const leftOut = new Map(
    compiled.filter((each) => each.leftOut.length > 0).map((each) => [each.file.name, each.leftOut]),
  );
  return { text, sources, leftOut, reads: new Map(compiled.map(({ file, reads }) => [file.name, reads])) };
}

/** Name of the generated validator of a class: `validateDetectionFinding`. */
function validatorName(className: string): string {
  const camel = className.split('_').map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`);
  return `validate${camel.join('')}`;
}

/** The shredder's statements as an expression, so that several stand in one file. */
function shredderExpression(columns: readonly Column[]): string {
  return `(() => {\n${shredderStatements(columns)}\nreturn shred;\n})()`;
}
